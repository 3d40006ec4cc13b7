/** The least that can be done: a finished document is written as JSON. Arguments: the document, and where to. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [, , document = "", outdir = ""] = process.argv;
const finished: unknown = JSON.parse(readFileSync(document, "utf8"));
mkdirSync(outdir, { recursive: true });
writeFileSync(join(outdir, "cdk.tf.json"), JSON.stringify(finished, null, 2));
