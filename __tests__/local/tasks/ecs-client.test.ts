import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { EcsClient } from "../../../local/tasks/ecs-client";
import { EfsClient } from "../../../local/tasks/efs-folders";

interface Seen {
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

describe("the clients of the emulator", () => {
  let server: Server;
  let emulator: { endpoint: string };
  let seen: Seen[];
  let answers: [number, unknown][];

  beforeEach(async () => {
    seen = [];
    answers = [];
    server = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk: Buffer) => (body += chunk.toString()));
      request.on("end", () => {
        seen.push({ url: request.url, headers: request.headers, body });
        const [status, answer] = answers.shift() ?? [500, "no answer"];
        response.writeHead(status, { connection: "close" });
        response.end(typeof answer === "string" ? answer : JSON.stringify(answer));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    emulator = { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  test("names the call, and the service in a signature that is none", async () => {
    answers.push([200, { clusterArns: ["a"] }]);
    expect(await new EcsClient(emulator).listClusters()).toEqual(["a"]);
    expect(seen[0]?.headers).toMatchObject({
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": "AmazonEC2ContainerServiceV20141113.ListClusters",
    });
    expect(seen[0]?.headers.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=test\/\d+\/us-east-1\/ecs\//,
    );
  });

  test("reads all pages", async () => {
    answers.push([200, { serviceArns: ["a"], nextToken: "2" }], [200, { serviceArns: ["b"] }]);
    expect(await new EcsClient(emulator).listServices("c")).toEqual(["a", "b"]);
    expect(seen.map(({ body }) => JSON.parse(body) as unknown)).toEqual([
      { cluster: "c", maxResults: 100 },
      { cluster: "c", maxResults: 100, nextToken: "2" },
    ]);
  });

  test("describes ten services at a time, and none without a call", async () => {
    const client = new EcsClient(emulator);
    expect(await client.describeServices("c", [])).toEqual([]);
    answers.push([200, { services: [{ serviceName: "a" }] }], [200, { services: [{ serviceName: "b" }] }]);
    const names = Array.from({ length: 11 }, (_, index) => `s${index}`);
    expect(await client.describeServices("c", names)).toEqual([{ serviceName: "a" }, { serviceName: "b" }]);
    expect(seen.map(({ body }) => (JSON.parse(body) as { services: string[] }).services.length)).toEqual([
      10, 1,
    ]);
  });

  test("throws what AWS would answer, under its name", async () => {
    answers.push([400, { __type: "com.amazon#ClusterNotFoundException", message: "Cluster not found." }]);
    await expect(new EcsClient(emulator).listServices("c")).rejects.toMatchObject({
      code: "ClusterNotFoundException",
      message: "ClusterNotFoundException: Cluster not found.",
    });
    answers.push([502, "<html>"]);
    await expect(new EcsClient(emulator).listServices("c")).rejects.toThrow("HTTP 502: <html>");
  });

  test("finds an access point, or says that there is none", async () => {
    const client = new EfsClient(emulator);
    answers.push([200, { AccessPoints: [{ FileSystemId: "fs-1" }] }], [200, { AccessPoints: [] }]);
    expect(await client.describeAccessPoint("fsap-1")).toEqual({ FileSystemId: "fs-1" });
    await expect(client.describeAccessPoint("fsap-2")).rejects.toThrow("there is no EFS access point fsap-2");
    expect(seen[0]?.url).toBe("/2015-02-01/access-points?AccessPointId=fsap-1");
  });
});
