import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ownImages, readImages } from "../../../local/platform/images";

const folder = mkdtempSync(join(tmpdir(), "images-"));
const file = join(folder, "images.json");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function read(content: unknown): unknown {
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  return readImages(file);
}

test("a file maps images to commands, with directories relative to it", () => {
  const image = { command: ["node", "server.js"], cwd: "api", env: { LOG: "debug" } };
  expect(read({ "my-api": image })).toEqual({
    "my-api": { ...image, cwd: join(folder, "api"), entryPoint: undefined, healthCheck: undefined },
  });
  expect(read({ other: { command: ["x"], cwd: folder, healthCheck: ["true"] } })).toMatchObject({
    other: { cwd: folder, healthCheck: ["true"] },
  });
});

test.each([
  ["no JSON", "{", /cannot be read/],
  ["a list", "[]", /must hold one object/],
  ["an image that is a text", { a: "node" }, /the image "a" must be an object/],
  ["no command", { a: { cwd: "." } }, /the image "a" needs a command/],
  [
    "a command that is a text",
    { a: { command: "node x", cwd: "." } },
    /needs a command, for example \["node"/,
  ],
  ["no directory", { a: { command: ["node"] } }, /needs a cwd/],
  [
    "numbers as environment",
    { a: { command: ["node"], cwd: ".", env: { PORT: 1 } } },
    /env that is no object of texts/,
  ],
  ["another key", { a: { command: ["node"], cwd: ".", cmd: [] } }, /has cmd; allowed: entryPoint, command/],
])("%s is refused", (_, content, message) => {
  expect(() => read(content)).toThrow(message);
});

test("a file that is not there is named", () => {
  expect(() => readImages(join(folder, "none.json"))).toThrow(/none\.json cannot be read/);
});

test("the project's own images are told of a DNS server only where they have no resolver of their own", () => {
  const told = ownImages({ dnsServer: "127.0.0.1:5300" });
  expect(told["signal-processing-service"]?.env).toMatchObject({
    STOCK_SERVICE_DNS_SERVERS: "127.0.0.1:5300",
  });
  expect(ownImages()["signal-processing-service"]?.env).not.toHaveProperty("STOCK_SERVICE_DNS_SERVERS");
});
