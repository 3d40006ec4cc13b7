/** Fields of `GetProviderSchema.Response` that are maps from a type to its schema: resources, data sources, ephemeral ones. */
const MAPS: ReadonlySet<number> = new Set([2, 3, 8]);
const LENGTH_DELIMITED = 2;

/**
 * The message without the schemas of other types. The provider's own schema and what it is capable of stay.
 *
 * @param message `GetProviderSchema.Response` of Terraform's plugin protocol 5, in Protocol Buffers' format
 * @throws Error if the message holds anything else
 * @see https://github.com/hashicorp/terraform/blob/v1.11.4/docs/plugin-protocol/tfplugin5.8.proto
 */
export function withSchemasOf(types: ReadonlySet<string>, message: Buffer): Buffer {
  const kept = fieldsOf(message).filter(({ number, value }) => !MAPS.has(number) || types.has(keyOf(value)));
  return Buffer.concat(kept.map(({ bytes }) => bytes));
}

interface Field {
  readonly number: number;
  /** All of the field, its tag and its length too. */
  readonly bytes: Buffer;
  readonly value: Buffer;
}

function fieldsOf(message: Buffer): Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = (): number => {
    let [value, factor] = [0, 1];
    for (;;) {
      const byte = message[at++];
      if (byte === undefined) throw new Error("the message ends within a number");
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
      factor *= 0x80;
    }
  };
  while (at < message.length) {
    const start = at;
    const tag = varint();
    if ((tag & 7) !== LENGTH_DELIMITED)
      throw new Error(`the wire type ${tag & 7} of field ${tag >> 3} is not expected`);
    const length = varint();
    at += length;
    fields.push({
      number: tag >> 3,
      bytes: message.subarray(start, at),
      value: message.subarray(at - length, at),
    });
  }
  return fields;
}

/** The key of a map's entry, which is its first field. */
function keyOf(entry: Buffer): string {
  const [, length = 0] = entry;
  return entry.toString("utf8", 2, 2 + length);
}
