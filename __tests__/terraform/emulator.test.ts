import { readFileSync } from "node:fs";
import { join } from "node:path";
import { TerraformFolder } from "../../testing";
import { ApiProxy } from "./api-proxy";
import { Bench } from "./harness";
import { KeptProvider } from "./provider/kept-provider";

const EMULATOR = join("local", "emulator");
const PROJECT = join(__dirname, "..", "..");

describe("emulated AWS", () => {
  test("applies every type of resource, plans no change and destroys all of it", async () => {
    const bench = await Bench.start();
    try {
      const folder = bench.folderWith({
        "main.tf": readFileSync(join(PROJECT, EMULATOR, "every-resource", "main.tf"), "utf8"),
      });
      await folder.apply();
      expect((await folder.plan()).changes).toEqual({});
      await folder.destroy();
      expect(await folder.resourcesInState()).toEqual([]);
    } finally {
      await bench.dispose();
    }
  });

  test("makes one service of a request that is repeated because its answer was lost", async () => {
    const bench = await Bench.start();
    const call = "ecs CreateService";
    const proxy = await ApiProxy.start(bench.emulator.endpoint, { losesAnswerTo: call });
    const environment = { ...bench.emulator.environment, AWS_ENDPOINT_URL: proxy.endpoint };
    const provider = await KeptProvider.start(environment);
    const folder = TerraformFolder.withFiles(
      { "main.tf": SERVICE },
      { ...environment, ...provider.environment },
    );
    try {
      await folder.apply();
      expect(proxy.take().get(call)).toBe(2);
      expect((await folder.plan()).changes).toEqual({});
      await folder.destroy();
    } finally {
      folder.dispose();
      await provider.stop();
      await proxy.stop();
      await bench.dispose();
    }
  });
});

const SERVICE = `
resource "aws_ecs_cluster" "main" {
  name = "main"
}

resource "aws_ecs_task_definition" "web" {
  family                = "web"
  container_definitions = jsonencode([{ name = "web", image = "web", memory = 128 }])
}

resource "aws_ecs_service" "web" {
  name            = "web"
  cluster         = aws_ecs_cluster.main.id
  task_definition = aws_ecs_task_definition.web.arn
  desired_count   = 1
}
`;
