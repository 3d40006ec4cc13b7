import { RequestCounts } from "../../../local/platform/request-counts";

const request = (statusCode: number): string =>
  JSON.stringify({ level: "info", msg: "request completed", res: { statusCode }, responseTime: 1.5 });
const at = (seconds: number): Date => new Date(1_700_000_000_000 + seconds * 1000);

function counts(...lines: readonly [line: string, seconds: number][]): RequestCounts {
  const made = new RequestCounts();
  for (const [line, seconds] of lines) made.take({ taskId: "a", line, at: at(seconds) });
  return made;
}

test("requests are counted by their status", () => {
  const made = counts([request(200), 0], [request(404), 0], [request(500), 1], [request(503), 1]);
  expect(made.of("a", at(2))).toMatchObject({ total: 4, failed: 2 });
});

test("the rate is that of the last ten whole seconds", () => {
  const lines = Array.from({ length: 60 }, (_, half): [string, number] => [
    request(200),
    Math.floor(half / 2),
  ]);
  const made = counts(...lines);
  expect(made.of("a", at(30))).toMatchObject({ total: 60, perSecond: 2 });
  expect(made.of("a", at(35))).toMatchObject({ total: 60, perSecond: 1 });
  expect(made.of("a", at(50))).toMatchObject({ total: 60, perSecond: 0 });
});

test("the second that is not over does not count yet", () => {
  expect(counts([request(200), 3]).of("a", at(3))).toMatchObject({ total: 1, perSecond: 0 });
});

test.each([
  "listening on 127.0.0.1",
  "{",
  '{"msg":"incoming request","responseTime":"soon"}',
  '{"res":{"statusCode":200}}',
  '{"res":null,"responseTime":1}',
  '"responseTime"',
])("a line that is no request does not count: %s", (line) => {
  expect(counts([line, 0]).of("a", at(1))).toBeUndefined();
});

test("tasks that are gone are forgotten", () => {
  const made = counts([request(200), 0]);
  made.take({ taskId: "b", line: request(200), at: at(0) });
  made.keep(new Set(["b"]));
  expect([made.of("a", at(1)), made.of("b", at(1))]).toMatchObject([undefined, { total: 1 }]);
});
