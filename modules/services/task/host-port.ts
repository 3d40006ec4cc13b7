import { reachedPort, type ContainerProps } from "./container";

/** The containers, the port that callers reach being that port of the instance. Without one ECS takes a free port. */
export function withHostPort(
  containers: readonly ContainerProps[],
  hostPort: number | undefined,
): readonly ContainerProps[] {
  const [reached, ...others] = containers;
  const port = reachedPort(containers);
  if (hostPort === undefined || reached === undefined) return containers;
  const portMappings = reached.portMappings?.map((mapping) =>
    mapping === port ? { ...mapping, hostPort } : mapping,
  );
  return [{ ...reached, portMappings }, ...others];
}
