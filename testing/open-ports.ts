type Arguments = Readonly<Record<string, unknown>>;
type Resources = Readonly<Record<string, Readonly<Record<string, Arguments>>>>;

/** What the security groups of a stack let through. Groups are named by their Terraform names. */
export interface OpenPorts {
  /** Both sides agree: `caller -> callee:80`. Sorted. */
  readonly between: readonly string[];
  /** A group may connect to addresses: `caller -> 0.0.0.0/0:443`. Sorted. */
  readonly toAddresses: readonly string[];
  /** A group lets addresses in: `0.0.0.0/0 -> callee:80`. Sorted. */
  readonly fromAddresses: readonly string[];
  /** A rule that names a group whose own rule is missing, so that nothing gets through. Sorted. */
  readonly oneSided: readonly string[];
}

interface Rule {
  readonly group: string;
  readonly peer: string;
  readonly isGroup: boolean;
  readonly ports: string;
}

/** Reads the standalone rules of a stack. Rules of another form are refused: they would hide here. */
export function openPorts(resources: Resources): OpenPorts {
  for (const [name, group] of Object.entries(resources.aws_security_group ?? {})) {
    if ("ingress" in group || "egress" in group) {
      throw new Error(`aws_security_group.${name} has rules inside; rules must be resources of their own`);
    }
  }
  for (const name of Object.keys(resources.aws_security_group_rule ?? {})) {
    throw new Error(
      `aws_security_group_rule.${name} is not read here; make it an aws_vpc_security_group_*_rule`,
    );
  }
  const egress = rules(resources.aws_vpc_security_group_egress_rule);
  const ingress = rules(resources.aws_vpc_security_group_ingress_rule);
  const outgoing = new Set(
    egress.filter(({ isGroup }) => isGroup).map((rule) => line(rule.group, rule.peer, rule)),
  );
  const incoming = new Set(
    ingress.filter(({ isGroup }) => isGroup).map((rule) => line(rule.peer, rule.group, rule)),
  );
  return {
    between: [...outgoing].filter((edge) => incoming.has(edge)).sort(),
    oneSided: [...outgoing, ...incoming].filter((edge) => !(outgoing.has(edge) && incoming.has(edge))).sort(),
    toAddresses: egress
      .filter(({ isGroup }) => !isGroup)
      .map((rule) => line(rule.group, rule.peer, rule))
      .sort(),
    fromAddresses: ingress
      .filter(({ isGroup }) => !isGroup)
      .map((rule) => line(rule.peer, rule.group, rule))
      .sort(),
  };
}

function rules(byName: Readonly<Record<string, Arguments>> | undefined): Rule[] {
  return Object.values(byName ?? {}).map((rule) => {
    const referenced = rule.referenced_security_group_id;
    const { cidr_ipv4, cidr_ipv6, prefix_list_id, from_port, to_port, ip_protocol } = rule;
    const ports = from_port === to_port ? text(from_port ?? "all") : `${text(from_port)}-${text(to_port)}`;
    return {
      group: groupName(text(rule.security_group_id)),
      peer:
        referenced === undefined
          ? text(cidr_ipv4 ?? cidr_ipv6 ?? prefix_list_id)
          : groupName(text(referenced)),
      isGroup: referenced !== undefined,
      ports: ip_protocol === "tcp" ? ports : `${ports}/${text(ip_protocol)}`,
    };
  });
}

function line(from: string, to: string, { ports }: Rule): string {
  return `${from} -> ${to}:${ports}`;
}

/** `stock_service` for `${aws_security_group.stock_service.id}`; anything else stays as it is. */
function groupName(reference: string): string {
  return /^\$\{aws_security_group\.(\w+)\.id\}$/.exec(reference)?.[1] ?? reference;
}

function text(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
