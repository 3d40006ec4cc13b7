import { DataAwsAvailabilityZones } from "@cdktf/provider-aws/lib/data-aws-availability-zones";
import { Fn, Token } from "cdktf";
import type { Construct, IConstruct } from "constructs";
import { general } from "../../rules/general";
import { network } from "../../rules/network";
import { describe, InvalidInputError } from "../framework/check";
import { MAX_ZONES } from "./network-cidr";

/** An availability zone that a network has subnets in. */
export interface Zone {
  /** What the zone is called in addresses and tags: its letter where it is known, else its place. */
  readonly key: string;
  /** Which part of the network is the zone's, from 0 to 7. */
  readonly slot: number;
  /** For example `eu-central-1a`, or a reference to a name that only Terraform knows. */
  readonly name: string;
  /** True where AWS's list decides which zone it is. */
  readonly isChosenByAws: boolean;
}

const MIN_ZONES = 2;
const FIRST_LETTER = "a".charCodeAt(0);
/** A region and one letter. Local Zones such as `us-west-2-lax-1a` have no NAT gateways and hardly any endpoints. */
const ZONE_NAME = /^([a-z]+(?:-[a-z]+)+-\d+)([a-h])$/;

/**
 * The zones of a network: the first ones that AWS lists, or those that are named.
 * @throws InvalidInputError where no subnets can be made of them
 */
export function zonesOf(scope: Construct, zones: number | readonly string[]): readonly Zone[] {
  return typeof zones === "number" ? firstZones(scope, zones) : namedZones(scope, zones);
}

function firstZones(scope: Construct, count: number): readonly Zone[] {
  checkKnown(scope, count);
  const given = { scope, property: "availabilityZones", value: count };
  if (!Number.isInteger(count) || count < MIN_ZONES || count > MAX_ZONES) {
    const allowed = `a whole number from ${MIN_ZONES} to ${MAX_ZONES}`;
    const mend = "give 2 or 3; two keep the platform up when a zone is down";
    throw new InvalidInputError(given, { ...network.availabilityZones, allowed, mend });
  }
  const { names } = new DataAwsAvailabilityZones(scope, "availability_zones", {
    state: "available",
    // Local Zones and Wavelength Zones are those that one opts in to
    filter: [{ name: "opt-in-status", values: ["opt-in-not-required"] }],
    lifecycle: {
      postcondition: [
        {
          condition: `\${length(self.names) >= ${count}}`,
          errorMessage: `The region has fewer than ${count} availability zones that are available.\n${describe(given, network.zonesOfRegion)}`,
        },
      ],
    },
  });
  return Array.from({ length: count }, (_, slot) => ({
    key: `${slot}`,
    slot,
    name: Token.asString(Fn.element(names, slot)),
    isChosenByAws: true,
  }));
}

function namedZones(scope: IConstruct, names: readonly string[]): readonly Zone[] {
  checkKnown(scope, names);
  names.forEach((name) => checkKnown(scope, name));
  if (!areZonesOfOneRegion(names)) {
    const given = { scope, property: "availabilityZones", value: names };
    throw new InvalidInputError(given, network.availabilityZones);
  }
  return names.map((name) => {
    const key = name.slice(-1);
    // the letter decides, not the place in the list: a zone that is put in between moves no other zone's subnets
    return { key, slot: key.charCodeAt(0) - FIRST_LETTER, name, isChosenByAws: false };
  });
}

function areZonesOfOneRegion(names: readonly string[]): boolean {
  const regions = new Set(names.map((name) => ZONE_NAME.exec(name)?.[1]));
  return (
    names.length >= MIN_ZONES &&
    new Set(names).size === names.length &&
    regions.size === 1 &&
    !regions.has(undefined)
  );
}

function checkKnown(scope: IConstruct, value: number | string | readonly string[]): void {
  if (!Token.isUnresolved(value)) return;
  const given = "a reference that only Terraform can resolve";
  const allowed = "a number or names that are known when the app is synthesized: subnets are made for each";
  throw new InvalidInputError(
    { scope, property: "availabilityZones", value: given },
    { ...general.literal, allowed },
  );
}
