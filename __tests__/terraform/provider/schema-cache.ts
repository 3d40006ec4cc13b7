import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withSchemasOf } from "./provider-schema";
import { mentionedTypes } from "./mentioned-types";

/** The provider's answer about its schemas, asked for once in a run of tests and reduced to the types in use. */
export class SchemaCache {
  private readonly file = join(process.env.TEST_PROVIDERS ?? "", "schemas.bin");
  private message: Promise<Buffer> | undefined;

  /** @param ask asks the provider */
  public get(ask: () => Promise<Buffer>): Promise<Buffer> {
    this.message ??= this.read(ask);
    return this.message;
  }

  private async read(ask: () => Promise<Buffer>): Promise<Buffer> {
    if (existsSync(this.file)) return readFileSync(this.file);
    const message = withSchemasOf(mentionedTypes(), await ask());
    // others may write it at the same time
    const own = `${this.file}.${process.pid}`;
    writeFileSync(own, message);
    renameSync(own, this.file);
    return message;
  }
}
