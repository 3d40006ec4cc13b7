import {
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  EC2Client,
  ModifyVpcAttributeCommand,
} from "@aws-sdk/client-ec2";
import { clientConfig } from "./aws-client";
import { EMULATED_REGION, type Emulator } from "./emulator-process";

/** What the platform's variables want: a network that is there already. */
export interface Network {
  readonly vpcId: string;
  /** One per availability zone. */
  readonly subnetIds: readonly string[];
}

const ZONES = ["a", "b", "c"];

/** Makes a VPC with both DNS attributes on and a subnet in each of two or three zones. */
export async function createNetwork(emulator: Emulator, subnets: 2 | 3 = 2): Promise<Network> {
  const ec2 = new EC2Client(clientConfig(emulator));
  const vpcId = named("VPC", (await ec2.send(new CreateVpcCommand({ CidrBlock: "10.0.0.0/16" }))).Vpc?.VpcId);
  await ec2.send(new ModifyVpcAttributeCommand({ VpcId: vpcId, EnableDnsSupport: { Value: true } }));
  await ec2.send(new ModifyVpcAttributeCommand({ VpcId: vpcId, EnableDnsHostnames: { Value: true } }));
  const subnetIds: string[] = [];
  for (const [index, zone] of ZONES.slice(0, subnets).entries()) {
    const { Subnet } = await ec2.send(
      new CreateSubnetCommand({
        VpcId: vpcId,
        CidrBlock: `10.0.${index + 1}.0/24`,
        AvailabilityZone: `${EMULATED_REGION}${zone}`,
      }),
    );
    subnetIds.push(named("subnet", Subnet?.SubnetId));
  }
  ec2.destroy();
  return { vpcId, subnetIds };
}

/** Makes a security group without ingress rules. */
export async function createSecurityGroup(emulator: Emulator, vpcId: string): Promise<string> {
  const ec2 = new EC2Client(clientConfig(emulator));
  const { GroupId } = await ec2.send(
    new CreateSecurityGroupCommand({ VpcId: vpcId, GroupName: "given", Description: "Given to all tasks" }),
  );
  ec2.destroy();
  return named("security group", GroupId);
}

function named(what: string, id: string | undefined): string {
  if (id === undefined) throw new Error(`the emulator made a ${what} without an id`);
  return id;
}
