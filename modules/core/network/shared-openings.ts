import { TerraformStack, type TerraformResource } from "cdktf";
import type { Construct, IConstruct } from "constructs";
import { snakeCase } from "../framework/address";
import { identityOf } from "../framework/resolved";
import { OpenPort, type PortOpening } from "./security-group";

/** Per app: what is open already, by both groups and the ports. */
const openedByApp = new WeakMap<IConstruct, Map<string, OpenPort>>();

/**
 * Ports that are open between a security group that several services share, that of EC2 instances, and other groups.
 * Whichever service asks first, a pair of groups and a port have one pair of rules, of one name: EC2 refuses a rule that
 * is there already.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AuthorizeSecurityGroupIngress.html
 */
export class SharedOpenings {
  /**
   * @param name whose group it is, for the names of rules in other stacks
   * @param owner what has the group; undefined where it exists already
   */
  public constructor(
    private readonly name: string,
    private readonly owner?: Construct,
  ) {}

  /**
   * Opens a port for a service, in the group's own stack or, where that is another one, in the service's.
   * @returns both rules, for whoever must not start before them
   */
  public open(user: Construct, id: string, opening: PortOpening): readonly TerraformResource[] {
    const opened = openedByApp.get(user.node.root) ?? new Map<string, OpenPort>();
    openedByApp.set(user.node.root, opened);
    const keys = keysOf(user, opening);
    const present = keys.map((key) => opened.get(key)).find((openPort) => openPort !== undefined);
    const openPort = present ?? this.newOpenPort(user, id, opening);
    keys.forEach((key) => opened.set(key, openPort));
    deployBefore(TerraformStack.of(openPort), TerraformStack.of(user));
    return openPort.rules;
  }

  private newOpenPort(user: Construct, id: string, opening: PortOpening): OpenPort {
    const stack = TerraformStack.of(user);
    const isAtHome = this.owner !== undefined && TerraformStack.of(this.owner) === stack;
    const scope = isAtHome ? this.owner : stack;
    const wanted = isAtHome ? id : `${snakeCase(this.name)}_${id}`;
    let free = wanted;
    for (let number = 1; scope.node.tryFindChild(free) !== undefined; number++) free = `${wanted}_${number}`;
    return new OpenPort(scope, free, opening);
  }
}

/** A group that is read twice, and one whose id is a reference, are recognised by what they stand for. */
function keysOf(user: Construct, { from, to, port, toPort = port }: PortOpening): string[] {
  const ports = `${port}-${toPort}`;
  return [[from, to, ports].join(" "), [identityOf(user, from), identityOf(user, to), ports].join(" ")];
}

/** What opened a port first goes first, where no order is there already. */
function deployBefore(first: TerraformStack, later: TerraformStack): void {
  if (first !== later && !first.dependsOn(later)) later.addDependency(first);
}
