import type { DnsServerOptions } from "../../../local/dns/server";
import { DnsBench } from "./dns-bench";
import { FakeCloudMap, instances, type FakeNamespace, type FakeService } from "./fake-cloud-map";

export const NAMESPACE = "trading-platform.local";
export const STOCK = `stock-service.${NAMESPACE}`;

/** Gives a function that starts a server of namespaces; it is stopped after the test. */
export function serving(): (
  namespaces: FakeNamespace[],
  options?: Partial<DnsServerOptions>,
) => Promise<DnsBench> {
  const started: DnsBench[] = [];
  afterEach(async () => {
    await Promise.all(started.splice(0).map((bench) => bench.stop()));
  });
  return async (namespaces, options) => {
    const bench = await DnsBench.start(new FakeCloudMap(namespaces), options);
    started.push(bench);
    return bench;
  };
}

/** The namespace with one service. */
export function service(more: Partial<FakeService>): FakeNamespace[] {
  const stock: FakeService = {
    name: "stock-service",
    records: [["A", 10]],
    instances: instances(1),
    ...more,
  };
  return [{ name: NAMESPACE, services: [stock] }];
}
