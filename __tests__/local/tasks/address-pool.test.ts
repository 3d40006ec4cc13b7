import { createServer, type Server } from "node:net";
import { AddressPool } from "../../../local/tasks/address-pool";

const FIRST = "127.77.0.254";

describe("loopback addresses for tasks", () => {
  const giveBack: (() => Promise<void>)[] = [];
  afterEach(async () => {
    await Promise.all(giveBack.splice(0).map((each) => each()));
  });

  async function take(pool: AddressPool, ports: readonly number[] = []): Promise<string> {
    const taken = await pool.take(ports);
    giveBack.push(() => taken.giveBack());
    return taken.address;
  }

  async function listen(port: number, host: string): Promise<Server> {
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, host, resolve);
    });
    giveBack.push(() => new Promise((resolve) => server.close(() => resolve())));
    return server;
  }

  test("each is given once, over all pools of the machine, and goes round", async () => {
    const [one, other] = [new AddressPool(FIRST), new AddressPool(FIRST)];
    expect(await take(one)).toBe("127.77.0.254");
    expect(await take(other)).toBe("127.77.0.255");
    expect(await take(one)).toBe("127.77.1.0");
    await Promise.all(giveBack.splice(0).map((each) => each()));
    // what was given back is the last to be taken again
    expect(await take(one)).toBe("127.77.1.1");
    expect(await take(new AddressPool(FIRST))).toBe("127.77.0.254");
  });

  test("an address on which a port is taken is left out, and can be had for another port", async () => {
    await listen(8077, FIRST);
    expect(await take(new AddressPool(FIRST), [8077])).toBe("127.77.0.255");
    expect(await take(new AddressPool(FIRST), [8078])).toBe(FIRST);
  });

  test("a port that is taken everywhere is named, with how to find out by whom", async () => {
    await listen(8079, "0.0.0.0");
    await expect(new AddressPool(FIRST).take([8079])).rejects.toThrow(
      /cannot listen on port 8079 of 127\.77\.\d+\.\d+: something listens on it on all addresses.*ss -ltnp 'sport = :8079'/,
    );
  });

  test.each(["10.0.0.1", "127.0.0", "127.0.0.256", "127.1.255.255", "localhost"])(
    "%s begins no pool",
    (first) => {
      expect(() => new AddressPool(first)).toThrow("give an address in 127.0.0.0/8");
    },
  );
});
