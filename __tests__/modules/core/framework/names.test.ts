import {
  checkDiscoveryName,
  checkEcsName,
  checkHost,
  checkNamespaceName,
  checkRepositoryName,
  namePrefix,
} from "../../../../modules/core/framework/names";
import { judging, SmallStack, testApp, variable } from "../../stack-of";

const stack = new SmallStack(testApp(), "small");
const label = (length: number): string => "a".repeat(length);
/** A DNS name of an exact length, in labels that are long enough. */
const dnsName = (length: number): string =>
  `${label(63)}.${label(63)}.${label(63)}.${label(63)}.${label(63)}`.slice(0, length);

describe("the name of a namespace", () => {
  const give = (name: string) => judging((stack) => checkNamespaceName(stack, "namespaceName", name));

  test.each(["trading-platform.local", "staging", "a.b.c.internal", "_x._y", label(63), dnsName(253)])(
    "may be %s",
    (name) => expect(give(name)).not.toThrow(),
  );
  test.each([
    "",
    "Trading.local",
    "a b.local",
    "-a.local",
    "a-.local",
    ".local",
    "a..local",
    "a.local.",
    "größe.local",
    `${label(64)}.local`,
    dnsName(254),
  ])("cannot be %p", (name) => expect(give(name)).toThrow(/small: namespaceName is .*\n.*allowed/));
});

describe("the name of a service in DNS", () => {
  const give = (name: string) => judging((stack) => checkDiscoveryName(stack, "serviceName", name));

  test.each(["stock-service", "a", "_http._tcp", "v2.stock", label(63), dnsName(127)])("may be %s", (name) =>
    expect(give(name)).not.toThrow(),
  );
  test.each(["", "a b", "stock.", "-stock", "stock-", "Stock", "a/b", label(64), dnsName(127) + "a"])(
    "cannot be %p",
    (name) => expect(give(name)).toThrow(/API_CreateService/),
  );
});

describe("the name of a cluster, service, family or container", () => {
  const give = (name: string) => judging((stack) => checkEcsName(stack, "serviceName", name));

  test.each(["stock-service", "Stock_Service", "-", label(255)])("may be %s", (name) =>
    expect(give(name)).not.toThrow(),
  );
  test.each(["", "stock service", "stock.service", "a/b", "größe", label(256)])("cannot be %p", (name) =>
    expect(give(name)).toThrow("1 to 255 letters"),
  );
  test("is not judged where only Terraform knows it", () => {
    expect(give(variable(stack, "name").stringValue)).not.toThrow();
  });
});

describe("the name of a repository", () => {
  const give = (name: string) => judging((stack) => checkRepositoryName(stack, "repositoryName", name));

  test.each(["ab", "trading/stock-service", "a__b", "a--b", "a.b_c", label(256)])("may be %s", (name) =>
    expect(give(name)).not.toThrow(),
  );
  test.each(["", "a", "Stock", "stock-", "-stock", "/stock", "stock/", "a___b", "a..b", "a b", label(257)])(
    "cannot be %p",
    (name) => expect(give(name)).toThrow("API_CreateRepository"),
  );
});

describe("the prefix of a name that AWS wants unique", () => {
  test("is the stack, the part and a hyphen", () => {
    expect(namePrefix(stack, "stock-service", 38)).toBe("small-stock-service-");
  });
  test("is never longer than the limit and never ends with two hyphens", () => {
    expect(namePrefix(stack, "x".repeat(60), 38)).toHaveLength(38);
    expect(namePrefix(stack, `${"x".repeat(30)}-y`, 38)).toBe(`small-${"x".repeat(30)}-`);
  });
  test("has a hyphen for what IAM and EC2 do not allow", () => {
    expect(namePrefix(stack, "größe & co", 38)).toBe("small-gr-e-co-");
  });
});

describe("the host that a service answers at", () => {
  const give = (host: string) => judging((stack) => checkHost(stack, "host", host));

  test.each(["stock-service.trading-platform.local", "ledger"])("may be %s", (host) =>
    expect(give(host)).not.toThrow(),
  );
  test.each(["", "http://ledger.internal", "ledger.internal:80", "ledger.internal/api", "Ledger.internal"])(
    "cannot be %p",
    (host) => expect(give(host)).toThrow("without scheme, port and path"),
  );
});
