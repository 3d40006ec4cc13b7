import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { takeScratch } from "../../../local/platform/scratch";

const parent = mkdtempSync(join(tmpdir(), "scratch-"));
afterAll(() => rmSync(parent, { recursive: true, force: true }));
const folder = join(parent, "scratch");
beforeEach(() => rmSync(folder, { recursive: true, force: true }));

test("what an earlier run has left is removed", () => {
  takeScratch(folder);
  writeFileSync(join(folder, "left"), "");
  writeFileSync(join(folder, "process-id"), "4194305\n"); // no system has so many
  takeScratch(folder);
  expect(existsSync(join(folder, "left"))).toBe(false);
  expect(readFileSync(join(folder, "process-id"), "utf8")).toBe(`${process.pid}\n`);
});

test("a folder that another process uses is left alone", () => {
  const other = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
  try {
    mkdirSync(folder);
    writeFileSync(join(folder, "process-id"), `${other.pid}\n`);
    expect(() => takeScratch(folder)).toThrow(`is used by process ${other.pid}`);
    expect(existsSync(join(folder, "process-id"))).toBe(true);
  } finally {
    other.kill();
  }
});

test("a folder with somebody's files is left alone, an empty one is taken", () => {
  mkdirSync(folder);
  writeFileSync(join(folder, "thesis.tex"), "");
  expect(() => takeScratch(folder)).toThrow("files in it that are none of a local platform's");
  expect(existsSync(join(folder, "thesis.tex"))).toBe(true);
  rmSync(join(folder, "thesis.tex"));
  takeScratch(folder);
});

test("of a folder that is the project's own, everything is removed", () => {
  mkdirSync(folder);
  writeFileSync(join(folder, "of-an-earlier-version"), "");
  takeScratch(folder, { isOwn: true });
  expect(existsSync(join(folder, "of-an-earlier-version"))).toBe(false);
});
