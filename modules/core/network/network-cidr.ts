import type { IConstruct } from "constructs";
import { network } from "../../rules/network";
import { check, checkLiteral } from "../framework/check";
import { warnUnless } from "../framework/warnings";
import { isCidrBlock } from "./network-ids";

/** Subnets of one kind that a network has room for: one per zone, and half of the network is for each kind. */
export const MAX_ZONES = 8;
/** Two kinds of subnets with room for eight each are sixteen parts: four bits more than the network's prefix. */
const SUBNET_BITS = 4;
/** EC2's largest network is a /16 and its smallest subnet a /28. */
const LARGEST_PREFIX = 16;
const SMALLEST_PREFIX = 28 - SUBNET_BITS;
/** A load balancer should have a /27 in each zone. */
const SMALLEST_ROOMY_PREFIX = 27 - SUBNET_BITS;

/** Public subnets lie in the lower half of a network, private ones in the upper half. */
export type SubnetKind = "public" | "private";

/** Refuses a block that cannot be a VPC's, or whose sixteenth parts cannot be subnets. */
export function checkNetworkCidrBlock(scope: IConstruct, property: string, block: string): void {
  checkLiteral(scope, property, block);
  check(scope, property, block, (text) => isCidrBlock(text) && isSplittable(prefixOf(text)), network.size);
  warnUnless(scope, property, block, (text) => prefixOf(text) <= SMALLEST_ROOMY_PREFIX, network.small);
}

/**
 * The part of a network that a subnet gets. It depends on the network, the kind and the slot alone, so that no subnet
 * moves when there is another one: `10.0.0.0/16` gives the public subnets 10.0.0.0/20, 10.0.16.0/20 and so on, and the
 * private ones 10.0.128.0/20, 10.0.144.0/20 and so on.
 */
export function subnetCidrBlock(networkCidrBlock: string, kind: SubnetKind, slot: number): string {
  const prefix = prefixOf(networkCidrBlock) + SUBNET_BITS;
  const part = kind === "public" ? slot : MAX_ZONES + slot;
  return `${dotted(addressOf(networkCidrBlock) + part * 2 ** (32 - prefix))}/${prefix}`;
}

function isSplittable(prefix: number): boolean {
  return prefix >= LARGEST_PREFIX && prefix <= SMALLEST_PREFIX;
}

function prefixOf(block: string): number {
  return Number(block.split("/")[1]);
}

function addressOf(block: string): number {
  const [address = ""] = block.split("/");
  return address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
}

function dotted(address: number): string {
  return [24, 16, 8, 0].map((bits) => Math.floor(address / 2 ** bits) % 256).join(".");
}
