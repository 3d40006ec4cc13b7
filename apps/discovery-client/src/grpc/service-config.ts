import { experimental, type ChannelOptions } from "@grpc/grpc-js";

type ServiceConfig = NonNullable<Parameters<experimental.ResolverListener>[2]>;
type Valid = Extract<ServiceConfig, { ok: true }>["value"];

/**
 * The service config of the channel's own options (`grpc.service_config`), such as its retry policies, with our load
 * balancing policy in it. grpc-js checks that option when it makes the channel, before any resolver.
 */
export function serviceConfigOf(options: ChannelOptions, policy: string): ServiceConfig {
  const given = JSON.parse(options["grpc.service_config"] ?? "{}") as Given;
  const methodConfig = (given.methodConfig ?? []).map((method) => ({
    ...method,
    ...(typeof method.timeout === "string" && {
      timeout: experimental.parseDuration(method.timeout) ?? undefined,
    }),
  }));
  return experimental.statusOrFromValue({
    ...given,
    loadBalancingConfig: [{ [policy]: {} }],
    methodConfig,
  } as Valid);
}

type Given = Omit<Partial<Valid>, "methodConfig"> & { methodConfig?: ({ timeout?: unknown } & object)[] };
