import { mentionedTypes } from "./mentioned-types";
import { withSchemasOf } from "./provider-schema";

/** A field of a message in Protocol Buffers' format, shorter than 128 bytes. */
const field = (number: number, value: Buffer | string): Buffer =>
  Buffer.concat([Buffer.from([(number << 3) | 2, value.length]), Buffer.from(value)]);
const entry = (map: number, type: string): Buffer =>
  field(map, Buffer.concat([field(1, type), field(2, `schema of ${type}`)]));
const LONG = Buffer.concat([Buffer.from([(1 << 3) | 2, 0xac, 0x02]), Buffer.alloc(300, "p")]);

describe("the schemas of a provider", () => {
  test("are left out of its answer, but for the types that are named", () => {
    const [resource, data, ephemeral] = [2, 3, 8].map((map) => entry(map, "aws_vpc"));
    const answer = [
      LONG,
      resource,
      entry(2, "aws_mq_broker"),
      data,
      entry(3, "aws_vp"),
      ephemeral,
      field(6, "\b\x01"),
    ];
    expect(
      withSchemasOf(new Set(["aws_vpc"]), Buffer.concat(answer.map((part) => part ?? Buffer.alloc(0)))),
    ).toEqual(
      Buffer.concat(
        [LONG, resource, data, ephemeral, field(6, "\b\x01")].map((part) => part ?? Buffer.alloc(0)),
      ),
    );
  });

  test("cannot be told from a message of another kind, which is an error", () => {
    expect(() => withSchemasOf(new Set(), Buffer.from([0x08, 0x01]))).toThrow("wire type 0 of field 1");
    expect(() => withSchemasOf(new Set(), Buffer.from([0x0a, 0x85]))).toThrow("ends within a number");
  });

  test("are needed of the types that sources name by a binding's import, and Terraform files as they are", () => {
    const types = mentionedTypes();
    expect([...types]).toEqual(
      expect.arrayContaining([
        "aws_ecs_service",
        "aws_service_discovery_private_dns_namespace",
        "aws_subnet",
      ]),
    );
    expect(types.size).toBeLessThan(400);
  });
});
