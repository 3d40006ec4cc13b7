// Writes data/sample.csv: node --import tsx src/generate-sample.ts
import { writeFileSync } from "node:fs";
import { SAMPLE_FILE, sampleCsv } from "./sample.js";

writeFileSync(SAMPLE_FILE, sampleCsv());
