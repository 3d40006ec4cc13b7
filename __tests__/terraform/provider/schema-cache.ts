import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { mentionedTypes } from "./mentioned-types";
import { providerFile } from "./provider-mirror";
import { withSchemasOf } from "./provider-schema";

/** Where tools of the project keep what they can make again; `npm ci` empties it. */
const FOLDER = join(__dirname, "..", "..", "..", "node_modules", ".cache", "provider-schemas");

/** The provider's answer about its schemas, reduced to the types in use. It is asked for once for a provider and these types. */
export class SchemaCache {
  private message: Promise<Buffer> | undefined;

  /** @param ask asks the provider */
  public get(ask: () => Promise<Buffer>): Promise<Buffer> {
    this.message ??= this.read(ask);
    return this.message;
  }

  private async read(ask: () => Promise<Buffer>): Promise<Buffer> {
    const types = mentionedTypes();
    const file = join(FOLDER, keyOf(types));
    if (existsSync(file)) return readFileSync(file);
    const message = withSchemasOf(types, await ask());
    mkdirSync(FOLDER, { recursive: true });
    // others may write it at the same time
    const own = `${file}.${process.pid}`;
    writeFileSync(own, message);
    renameSync(own, file);
    return message;
  }
}

function keyOf(types: ReadonlySet<string>): string {
  const provider = providerFile();
  const { size, mtimeMs } = statSync(provider);
  const parts = [provider, `${size}`, `${mtimeMs}`, ...[...types].sort()];
  return createHash("sha256").update(parts.join("\n")).digest("hex");
}
