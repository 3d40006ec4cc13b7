import fc from "fast-check";
import { checkInteger, checkPort } from "../../modules/core/framework/check";
import { checkFargateSize } from "../../modules/core/compute/fargate-size";
import {
  checkDiscoveryName,
  checkEcsName,
  checkNamespaceName,
  checkRepositoryName,
} from "../../modules/core/framework/names";
import { ServiceDiscovery, type DnsRecordType } from "../../modules/core/cloud-map/service-discovery";
import { taskDefinition } from "../../modules/rules";
import { checkDeployment } from "../../modules/services/ecs-service/deployment";
import { judging, NAMESPACE, SmallStack, testApp, variable } from "../modules/stack-of";

const isTaken = (act: (stack: SmallStack) => void): boolean => {
  try {
    judging(act)();
    return true;
  } catch {
    return false;
  }
};
const oneOf = (characters: string): fc.Arbitrary<string> => fc.constantFrom(...characters.split(""));
/** Characters that names are made of, and some that they cannot have. */
const NAME = fc.string({ unit: oneOf("aZ09-_. /é"), maxLength: 70 });
const LABELS = fc
  .array(fc.string({ unit: oneOf("abz09-_"), minLength: 1, maxLength: 65 }), {
    minLength: 1,
    maxLength: 5,
  })
  .map((labels) => labels.join("."));

/** What RFC 1035 and Cloud Map want, written down another way than the library does. */
function isDnsName(name: string, limit: number): boolean {
  if (name.length > limit) return false;
  return name.split(".").every((label) => {
    const isOfLength = label.length >= 1 && label.length <= 63;
    const isOfCharacters = label.split("").every((c) => "abcdefghijklmnopqrstuvwxyz0123456789-_".includes(c));
    return isOfLength && isOfCharacters && !label.startsWith("-") && !label.endsWith("-");
  });
}

describe("for all inputs,", () => {
  test("a DNS name is taken exactly if all its labels are labels", () => {
    const isPublic = (name: string): boolean => /^[a-z]+$/.test(name);
    fc.assert(
      fc.property(fc.oneof(NAME, LABELS), (name) => {
        fc.pre(!isPublic(name));
        expect(isTaken((stack) => checkNamespaceName(stack, "name", name))).toBe(isDnsName(name, 253));
        expect(isTaken((stack) => checkDiscoveryName(stack, "name", name))).toBe(isDnsName(name, 127));
      }),
    );
  });

  test("a name of ECS is taken exactly if it has 1 to 255 of its characters", () => {
    const long = fc.string({ unit: oneOf("aZ9-_"), minLength: 250, maxLength: 260 });
    fc.assert(
      fc.property(fc.oneof(NAME, long), (name) => {
        const isName = name.length >= 1 && name.length <= 255 && !/[^A-Za-z0-9_-]/.test(name);
        expect(isTaken((stack) => checkEcsName(stack, "name", name))).toBe(isName);
      }),
    );
  });

  test("no repository is taken whose name has separators at an end or three of them in a row", () => {
    const name = fc.string({ unit: oneOf("ab1._-/"), minLength: 2, maxLength: 12 });
    fc.assert(
      fc.property(name, (text) => {
        const isTakenName = isTaken((stack) => checkRepositoryName(stack, "name", text));
        if (/^[._/-]|[._/-]$|___|\.\.|\/\//.test(text)) expect(isTakenName).toBe(false);
        if (/^[a-z0-9]+$/.test(text)) expect(isTakenName).toBe(true);
      }),
    );
  });

  test("a port is taken exactly if it is one", () => {
    const number = fc.oneof(fc.integer({ min: -10, max: 70000 }), fc.double());
    fc.assert(
      fc.property(number, (port) => {
        const isPort = Number.isInteger(port) && port > 0 && port < 2 ** 16;
        expect(isTaken((stack) => checkPort(stack, "port", port))).toBe(isPort);
      }),
    );
  });

  test("a whole number is taken exactly within its bounds", () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer(), fc.integer(), (n, a, b) => {
        const range = { min: Math.min(a, b), max: Math.max(a, b) };
        const isWithin = n >= range.min && n <= range.max;
        expect(isTaken((stack) => checkInteger(stack, "n", n, range, taskDefinition.port))).toBe(isWithin);
      }),
    );
  });

  test("a task of Fargate has 2 to 8 GiB for each vCPU, but for the smallest and the largest", () => {
    const cpu = fc.constantFrom(256, 512, 1024, 2048, 4096, 8192, 16384, 32768, 300, 0);
    const memory = fc.oneof(
      fc.integer({ min: 0, max: 260000 }),
      fc.integer({ min: 1, max: 250 }).map((gib) => gib * 1024),
    );
    fc.assert(
      fc.property(cpu, memory, (units, mib) => {
        if (!isTaken((stack) => checkFargateSize(stack, units, mib))) return;
        const gibPerCpu = mib / units;
        expect(gibPerCpu).toBeGreaterThanOrEqual(1.875);
        expect(gibPerCpu).toBeLessThanOrEqual(8);
        expect(units % 256).toBe(0);
      }),
      { numRuns: 1000 },
    );
  });

  test("a set of records is taken exactly if ECS can keep it, in any order", () => {
    const types = fc.array(fc.constantFrom<DnsRecordType>("A", "AAAA", "SRV"), { maxLength: 4 });
    fc.assert(
      fc.property(types, (recordTypes) => {
        const isSet = recordTypes.length > 0 && new Set(recordTypes).size === recordTypes.length;
        // IPv6 and a port alone is not among what AWS lists
        const isListed = !(
          recordTypes.includes("AAAA") &&
          recordTypes.includes("SRV") &&
          !recordTypes.includes("A")
        );
        const make = (stack: SmallStack): unknown =>
          new ServiceDiscovery(stack, "entry", { serviceName: "stock", namespace: NAMESPACE, recordTypes });
        expect(isTaken(make)).toBe(isSet && isListed);
      }),
    );
  });

  test("a deployment is taken exactly if it can stop an old task or start a new one", () => {
    const count = fc.integer({ min: 1, max: 30 });
    fc.assert(
      fc.property(
        count,
        fc.integer({ min: 0, max: 100 }),
        fc.integer({ min: 100, max: 300 }),
        (desired, min, max) => {
          const mayStop = (desired - 1) * 100 >= desired * min;
          const mayStart = (desired + 1) * 100 <= desired * max;
          // with room below and above that is no whole task either way nothing moves
          const canMove = mayStop || mayStart;
          const deployment = { minimumHealthyPercent: min, maximumPercent: max };
          expect(isTaken((stack) => checkDeployment(stack, deployment, desired))).toBe(canMove);
        },
      ),
      { numRuns: 500 },
    );
  });

  test("what only Terraform knows is never judged, whatever stands around it", () => {
    const stack = new SmallStack(testApp());
    const unknown = variable(stack, "unknown").stringValue;
    fc.assert(
      fc.property(NAME, NAME, (before, after) => {
        const name = `${before}${unknown}${after}`;
        expect(isTaken((other) => checkNamespaceName(other, "name", name))).toBe(true);
        expect(isTaken((other) => checkEcsName(other, "name", name))).toBe(true);
      }),
    );
  });
});
