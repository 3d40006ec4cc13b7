import type { Architecture, LoadBalancerNode, ServiceNode } from "./architecture";

/** The architecture as a Mermaid flowchart: boxes are services, the arrows say who opens connections to whom. */
export function flowchart(architecture: Architecture): string {
  const { services, loadBalancers, namespaces, zones, fileSystems, vpc } = architecture;
  const inside = [
    ...loadBalancers.map(
      (lb) => `${lbId(lb.name)}[/${label(...loadBalancerText(lb, loadBalancers.length))}\\]`,
    ),
    ...services.map((service) => `${serviceId(service.name)}[${label(...serviceText(service))}]`),
    ...[...namespaces].map(([name, text]) => `${namespaceId(name)}{{${label("Cloud Map namespace", text)}}}`),
    ...[...zones].map(([name, zone]) => `${zoneId(name)}{{${label("private zone", zone.name)}}}`),
    ...fileSystems.map(
      (name) => `${fileSystemId(name)}[(${label("EFS file system", name === "efs" ? "" : name)})]`,
    ),
  ];
  const outside = loadBalancers.some(({ isPublic }) => isPublic) ? [`internet([${label("internet")}])`] : [];
  const groups = [...new Set(architecture.clients.map(({ group }) => group))];
  const clients = groups.map(
    (group) => `${clientId(group)}([${label("whatever is in the", `security group ${group}`)}])`,
  );
  return [
    "flowchart LR",
    ...[...outside, ...clients].map((line) => `  ${line}`),
    `  subgraph vpc [${label(vpc)}]`,
    "    direction LR",
    ...inside.map((line) => `    ${line}`),
    "  end",
    ...arrows(architecture).map((line) => `  ${line}`),
  ].join("\n");
}

function arrows({ services, loadBalancers, zones, calls, clients }: Architecture): string[] {
  const ofCalls = calls.map(({ caller, callee, endpoint: { host, port } }) => {
    const called = services.find(({ name }) => name === callee);
    const [lb] = called?.loadBalancers ?? [];
    const to = lb === undefined ? serviceId(callee) : lbId(lb);
    const how = called === undefined || called.way === "load balancer" ? [] : [wayText(called)];
    return arrow(serviceId(caller), to, `${host}:${port}`, ...how);
  });
  return [
    ...loadBalancers
      .filter(({ isPublic }) => isPublic)
      .map(({ name, listeners }) => arrow("internet", lbId(name), ...listeners)),
    ...clients.map(({ group, to, port }) =>
      arrow(clientId(group), nodeOf(to, services, loadBalancers), port),
    ),
    ...services.flatMap(({ name, port, loadBalancers: inFront }) =>
      inFront.map((lb) => arrow(lbId(lb), serviceId(name), port === undefined ? "" : `${port}`)),
    ),
    ...ofCalls,
    ...services.flatMap(({ name, namespace, records, way }) =>
      namespace === undefined ? [] : [dotted(serviceId(name), namespaceId(namespace), records ?? way)],
    ),
    ...[...zones].flatMap(([name, { leadsTo }]) =>
      leadsTo.map((lb) => dotted(zoneId(name), lbId(lb), "alias")),
    ),
    ...services.flatMap(({ name, mounts }) =>
      mounts.map(({ path, fileSystem }) => arrow(serviceId(name), fileSystemId(fileSystem), path)),
    ),
  ];
}

function nodeOf(
  group: string,
  services: readonly ServiceNode[],
  loadBalancers: readonly LoadBalancerNode[],
): string {
  const lb = loadBalancers.find(({ groups }) => groups.includes(group));
  const service = services.find(({ groups }) => groups.includes(group));
  return lb === undefined ? serviceId(service?.name ?? group) : lbId(lb.name);
}

/** How a call finds its way, in the words of an arrow. */
function wayText({ way }: ServiceNode): string {
  if (way === "DNS") return "by DNS, task to task";
  return way === "Service Connect" ? "by Service Connect" : `by ${way}`;
}

function serviceText({ name, runsOn, port }: ServiceNode): string[] {
  return [name, port === undefined ? runsOn : `${runsOn}, port ${port}`];
}

/** Its name only where there are others to tell it from. */
function loadBalancerText({ name, isPublic, listeners }: LoadBalancerNode, count: number): string[] {
  const kind = isPublic ? "public load balancer" : "internal load balancer";
  return [kind, [...(count > 1 ? [name] : []), ...listeners].join(", ")];
}

function arrow(from: string, to: string, ...lines: string[]): string {
  const isLabelled = lines.some((line) => line !== "");
  return isLabelled ? `${from} -- ${label(...lines)} --> ${to}` : `${from} --> ${to}`;
}

function dotted(from: string, to: string, line: string): string {
  return `${from} -. ${label(line)} .-> ${to}`;
}

function label(...lines: string[]): string {
  return `"${lines
    .filter((line) => line !== "")
    .join("<br/>")
    .replaceAll('"', "#quot;")}"`;
}

const id = (kind: string, name: string): string => `${kind}_${name.replace(/\W/g, "_")}`;
const serviceId = (name: string): string => id("service", name);
const lbId = (name: string): string => id("lb", name);
const namespaceId = (name: string): string => id("namespace", name);
const zoneId = (name: string): string => id("zone", name);
const fileSystemId = (name: string): string => id("efs", name);
const clientId = (name: string): string => id("client", name);
