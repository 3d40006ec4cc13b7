import {
  MAX_ZONES,
  checkNetworkCidrBlock,
  subnetCidrBlock,
} from "../../../../modules/core/network/network-cidr";
import { judging, SmallStack, testApp, variable } from "../../stack-of";

const stack = new SmallStack(testApp());
const slots = Array.from({ length: MAX_ZONES }, (_, slot) => slot);
const subnetsOf = (network: string): string[] => [
  ...slots.map((slot) => subnetCidrBlock(network, "public", slot)),
  ...slots.map((slot) => subnetCidrBlock(network, "private", slot)),
];
/** First and last address of a block, by an arithmetic of its own. */
const range = (block: string): [bigint, bigint] => {
  const [address = "", prefix = ""] = block.split("/");
  const first = BigInt(
    `0b${address
      .split(".")
      .map((octet) => Number(octet).toString(2).padStart(8, "0"))
      .join("")}`,
  );
  return [first, first + (1n << (32n - BigInt(prefix))) - 1n];
};

describe("the addresses of a network", () => {
  const give = (block: string) => judging((stack) => checkNetworkCidrBlock(stack, "cidrBlock", block));

  test.each(["10.0.0.0/16", "172.31.0.0/16", "192.168.0.0/20", "10.1.2.0/24", "100.64.0.0/16"])(
    "may be %s",
    (block) => expect(give(block)).not.toThrow(),
  );
  test.each(["10.0.0.0/8", "10.0.0.0/15", "10.0.0.0/25", "10.0.0.0/28"])(
    "cannot be %s: a VPC is a /16 at most, and a sixteenth must be a /28 at least",
    (block) => expect(give(block)).toThrow("from /16 to /24"),
  );
  test.each(["", "10.0.0.0", "10.0.0.1/16", "10.0.1.0/16", "10.0.0.256/24", "fd00::/16"])(
    "cannot be %p: that is no network",
    (block) => expect(give(block)).toThrow(`small: cidrBlock is "${block}"`),
  );
  test("cannot be known to Terraform only: the subnets' addresses are made of it", () => {
    expect(give(variable(stack, "cidr_block").stringValue)).toThrow("known when the app is synthesized");
  });
});

describe("the addresses of subnets", () => {
  test("are a sixteenth of the network's: public ones in its lower half, private ones in its upper half", () => {
    expect(subnetsOf("10.0.0.0/16").slice(0, 3)).toEqual(["10.0.0.0/20", "10.0.16.0/20", "10.0.32.0/20"]);
    expect(subnetsOf("10.0.0.0/16").slice(8, 11)).toEqual([
      "10.0.128.0/20",
      "10.0.144.0/20",
      "10.0.160.0/20",
    ]);
    expect(subnetsOf("10.0.0.0/16").at(-1)).toBe("10.0.240.0/20");
  });

  test("are as small as EC2 has them in the smallest network", () => {
    expect(subnetsOf("192.168.7.0/24").slice(0, 2)).toEqual(["192.168.7.0/28", "192.168.7.16/28"]);
    expect(subnetsOf("192.168.7.0/24").at(-1)).toBe("192.168.7.240/28");
  });

  test.each(["10.0.0.0/16", "10.255.0.0/16", "172.16.32.0/19", "223.255.240.0/20", "192.168.7.0/24"])(
    "of %s lie in it, all of one size, and do not overlap",
    (network) => {
      const [first, last] = range(network);
      const ranges = subnetsOf(network)
        .map(range)
        .sort(([a], [b]) => Number(a - b));
      expect(ranges[0]?.[0]).toBe(first);
      expect(ranges.at(-1)?.[1]).toBe(last);
      ranges.slice(1).forEach(([start], index) => expect(start).toBe((ranges[index]?.[1] ?? 0n) + 1n));
    },
  );
});
