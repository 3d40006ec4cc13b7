import {
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  EC2Client,
  paginateDescribeSecurityGroupRules,
  type SecurityGroupRule,
} from "@aws-sdk/client-ec2";
import { clientConfig } from "../../aws-client";
import type { Emulator } from "../../emulator-process";

/** What the task runner reads of EC2, where it enforces security groups. */
export interface Ec2Api {
  /** Those of all security groups. */
  securityGroupRules(): Promise<SecurityGroupRule[]>;
  /** @throws Error where there is none */
  describeSubnet(subnetId: string): Promise<Subnet>;
  /** Id of the security group of whatever is given none in this VPC. */
  defaultSecurityGroup(vpcId: string): Promise<string>;
  close(): void;
}

export interface Subnet {
  readonly vpcId: string;
  readonly cidr: string;
}

/** The rules of all security groups. @throws what EC2's API throws */
export async function readRules(ec2: EC2Client): Promise<SecurityGroupRule[]> {
  const rules: SecurityGroupRule[] = [];
  for await (const page of paginateDescribeSecurityGroupRules({ client: ec2 }, {}))
    rules.push(...(page.SecurityGroupRules ?? []));
  return rules;
}

/** EC2 through the AWS SDK. */
export class Ec2ApiClient implements Ec2Api {
  private readonly client: EC2Client;

  public constructor(emulator: Emulator) {
    this.client = new EC2Client({ ...clientConfig(emulator), maxAttempts: 2 });
  }

  public async securityGroupRules(): Promise<SecurityGroupRule[]> {
    return await readRules(this.client);
  }

  public async describeSubnet(subnetId: string): Promise<Subnet> {
    const { Subnets } = await this.client.send(new DescribeSubnetsCommand({ SubnetIds: [subnetId] }));
    const { VpcId: vpcId, CidrBlock: cidr } = Subnets?.[0] ?? {};
    if (vpcId === undefined || cidr === undefined)
      throw new Error(`the subnet ${subnetId} has no range of IPv4`);
    return { vpcId, cidr };
  }

  public async defaultSecurityGroup(vpcId: string): Promise<string> {
    const Filters = [
      { Name: "vpc-id", Values: [vpcId] },
      { Name: "group-name", Values: ["default"] },
    ];
    const { SecurityGroups } = await this.client.send(new DescribeSecurityGroupsCommand({ Filters }));
    const id = SecurityGroups?.[0]?.GroupId;
    if (id === undefined) throw new Error(`the VPC ${vpcId} has no default security group`);
    return id;
  }

  public close(): void {
    this.client.destroy();
  }
}
