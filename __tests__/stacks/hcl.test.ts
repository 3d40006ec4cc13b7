import { TerraformOutput, TerraformVariable } from "cdktf";
import { renderHcl, type HclDocument, type IsBlock } from "../../stacks/hcl";
import { hclModule } from "../../stacks/hcl-module";
import { service, stackOf, SmallStack, testApp, web } from "../modules/stack-of";

const lines = (...all: string[]): string => `${all.join("\n")}\n`;
const blocks =
  (...keys: string[]): IsBlock =>
  (path) =>
    keys.includes(path[path.length - 1] ?? "");
const render = (document: HclDocument, isBlock: IsBlock = () => false): string =>
  renderHcl(document, isBlock);
/** How a text is written as the value of a local. */
const value = (text: string): string =>
  /^locals \{\n {2}x = ([^]*)\n\}\n$/.exec(render({ locals: { x: text } }))?.[1] ?? "";

describe("blocks", () => {
  test("come in the order of Terraform's style guide, whatever the order in JSON", () => {
    const document = {
      output: { o: {} },
      resource: { aws_vpc: { v: {} } },
      variable: { v: {} },
      terraform: {},
    };
    expect(render(document)).toBe(
      ["terraform {\n}", 'variable "v" {\n}', 'resource "aws_vpc" "v" {\n}', 'output "o" {\n}\n'].join(
        "\n\n",
      ),
    );
  });

  test("have the labels of their kind, and a list stands for several of one label", () => {
    const document: HclDocument = {
      provider: { aws: [{ region: "a" }, { alias: "b" }] },
      data: { aws_vpc: { main: { id: "x" } } },
    };
    expect(render(document)).toBe(
      lines(
        'provider "aws" {',
        '  region = "a"',
        "}",
        "",
        'provider "aws" {',
        '  alias = "b"',
        "}",
        "",
        'data "aws_vpc" "main" {',
        '  id = "x"',
        "}",
      ),
    );
  });

  test("have nested blocks after the arguments, one for each item of a list", () => {
    const document = {
      resource: { aws_x: { y: { rule: [{ a: 1 }, { a: 2 }], name: "n", tags: { T: "t" } } } },
    };
    expect(render(document, blocks("rule"))).toBe(
      lines(
        'resource "aws_x" "y" {',
        '  name = "n"',
        "  tags = {",
        '    T = "t"',
        "  }",
        "",
        "  rule {",
        "    a = 1",
        "  }",
        "",
        "  rule {",
        "    a = 2",
        "  }",
        "}",
      ),
    );
  });

  test("of which there must be none are an empty list", () => {
    const document = { resource: { aws_default_security_group: { d: { ingress: [], vpc_id: "v" } } } };
    expect(render(document, blocks("ingress"))).toContain('  ingress = []\n  vpc_id  = "v"');
  });

  test("of backends and provisioners have their type as their label", () => {
    const isBlock = blocks("backend", "provisioner");
    expect(render({ terraform: { backend: { s3: { bucket: "b" } } } }, isBlock)).toBe(
      lines("terraform {", '  backend "s3" {', '    bucket = "b"', "  }", "}"),
    );
    const provisioner = [{ "local-exec": { command: "true" } }];
    expect(render({ resource: { aws_x: { y: { provisioner } } } }, isBlock)).toContain(
      '  provisioner "local-exec" {\n    command = "true"\n',
    );
  });

  test("of every kind are written, none is left out in silence", () => {
    const document = { check: { dns: { assert: { condition: "${true}" } } }, removed: [{ from: "aws_x.y" }] };
    const outcome = (): string => {
      try {
        return render(document, blocks("assert"));
      } catch (error) {
        return `check removed ${String(error)}`;
      }
    };
    expect(outcome()).toMatch(/check[^]*removed/);
  });

  test("have no comments of CDKTF's", () => {
    expect(render({ "//": { m: 1 }, resource: { a: { b: { "//": { path: "x" } } } } })).toBe(
      'resource "a" "b" {\n}\n',
    );
  });
});

describe("references", () => {
  test.each(["depends_on", "replace_triggered_by", "ignore_changes"])(
    "in a list of %s have no quotes",
    (key) => {
      const document = { resource: { a: { b: { [key]: ["aws_x.y", "aws_z.w.id"] } } } };
      expect(render(document)).toContain(`  ${key} = [\n    aws_x.y,\n    aws_z.w.id,\n  ]`);
    },
  );

  test("to a provider, and to all changes, have no quotes", () => {
    const document = { resource: { a: { b: { provider: "aws.eu", lifecycle: { ignore_changes: "all" } } } } };
    const text = render(document, blocks("lifecycle"));
    expect(text).toContain("provider = aws.eu");
    expect(text).toContain("ignore_changes = all");
  });

  test("in moved and import blocks have no quotes: Terraform wants addresses there", () => {
    const document = { moved: [{ from: "aws_x.a", to: "aws_x.b" }], import: [{ to: "aws_x.c", id: "i-1" }] };
    expect(render(document)).toBe(
      lines(
        "moved {",
        "  from = aws_x.a",
        "  to   = aws_x.b",
        "}",
        "",
        "import {",
        "  to = aws_x.c",
        '  id = "i-1"',
        "}",
      ),
    );
  });

  test("to a type constraint have no quotes, but an argument that is called type has", () => {
    const document = { variable: { v: { type: "list(string)" } }, resource: { a: { b: { type: "SRV" } } } };
    expect(render(document)).toContain("type = list(string)");
    expect(render(document)).toContain('type = "SRV"');
  });
});

describe("a text", () => {
  test.each([
    ["plain", '"plain"'],
    ['say "hi"', String.raw`"say \"hi\""`],
    ["C:\\data", String.raw`"C:\\data"`],
    ["a\n\tb", String.raw`"a\n\tb"`],
    ["größe → 日本", '"größe → 日本"'],
    ["$HOME 100%", '"$HOME 100%"'],
    ["$${HOME} %%{if}", '"$${HOME} %%{if}"'],
  ])("%j is written as %s", (text, hcl) => expect(value(text)).toBe(hcl));

  test("has only the escapes that HCL knows", () => {
    expect(value("\b\f\u0001")).toBe(String.raw`"\u0008\u000c\u0001"`);
  });
});

describe("an expression", () => {
  test.each([
    ["${var.a}", "var.a"],
    ["${var.a}${var.b}", '"${var.a}${var.b}"'],
    ["a ${var.b} c", '"a ${var.b} c"'],
    ['"${var.b}"', String.raw`"\"${"${var.b}"}\""`],
    ['${lookup(var.m, "a}b")}', 'lookup(var.m, "a}b")'],
    ['${lookup(var.m, "a\\"}b")}', 'lookup(var.m, "a\\"}b")'],
    ['${join("-", ["${var.a}", "x"])}', 'join("-", ["${var.a}", "x"])'],
    ['${{for k, v in var.m : k => "${v}}"}}', '{for k, v in var.m : k => "${v}}"}'],
    ['$${say "x"} %%{"y"}', '"$${say \\"x\\"} %%{\\"y\\"}"'],
    ["$${var.a}", '"$${var.a}"'],
    ["$${a}${var.b}", '"$${a}${var.b}"'],
    ['%{if var.a}"x"%{endif}', String.raw`"%{if var.a}\"x\"%{endif}"`],
    ['${replace(var.a, "$${", "}")}', 'replace(var.a, "$${", "}")'],
  ])("%s is written as %s", (text, hcl) => expect(value(text)).toBe(hcl));
});

describe("a JSON document that AWS reads", () => {
  /** How a text is written as the argument of a resource. */
  const argument = (text: string, name = "policy"): string =>
    new RegExp(`^  ${name} = ([^]*)\n\\}\n$`, "m").exec(
      render({ resource: { a: { b: { [name]: text } } } }),
    )?.[1] ?? "";

  test("is written as what jsonencode makes a document of", () => {
    expect(argument('{"Version":"2012","Statement":[{"Resource":"${aws_x.y.arn}"}]}')).toBe(
      [
        "jsonencode({",
        '    Version = "2012"',
        "    Statement = [",
        "      {",
        "        Resource = aws_x.y.arn",
        "      },",
        "    ]",
        "  })",
      ].join("\n"),
    );
  });

  test.each(["assume_role_policy", "container_definitions"])("may stand in %s", (name) => {
    expect(argument("[]", name)).toBe("jsonencode([])");
  });

  test("keeps numbers, booleans, null and empty lists and objects", () => {
    expect(argument('[1,true,null,[],{},"1"]')).toBe(
      ["jsonencode([", "    1,", "    true,", "    null,", "    [],", "    {},", '    "1",', "  ])"].join(
        "\n",
      ),
    );
  });

  test.each(["[not json", "{a}", "[12345678901234567890]", '{"a":1.0}', '{"a": 1}'])(
    "stays a text where jsonencode would give another document, or is none: %s",
    (text) => expect(argument(text)).toBe(JSON.stringify(text)),
  );

  test("keeps a document in it as the text that it is: a program may want it so", () => {
    const inner = '{"b":1,"a":2}';
    expect(argument(JSON.stringify([{ value: inner }]))).toContain(`value = ${JSON.stringify(inner)}`);
  });

  test("keeps a literal ${HOME} literal", () => {
    expect(argument('["$${HOME}"]')).toContain('"$${HOME}"');
  });

  test("is a text anywhere else, with its order and white space", () => {
    for (const text of ['{"b":1,"a":2}', "[1, 2]"]) expect(value(text)).toBe(JSON.stringify(text));
  });
});

describe("the layout", () => {
  test("lines up neighbours, and a value of several lines begins a new group", () => {
    const document = { locals: { a: 1, long_name: 2, list: ["x"], b: 3, cc: 4 } };
    expect(render(document)).toBe(
      lines(
        "locals {",
        "  a         = 1",
        "  long_name = 2",
        "  list = [",
        '    "x",',
        "  ]",
        "  b  = 3",
        "  cc = 4",
        "}",
      ),
    );
  });

  test("quotes the keys of an object that are no names", () => {
    const text = render({ locals: { x: { "a.b": 1, "c-d": 2, "3": 3 } } });
    expect(text).toContain('"a.b" = 1');
    expect(text).toContain("c-d   = 2");
    expect(text).toContain('"3"   = 3');
  });
});

describe("a stack as HCL", () => {
  const stack = new SmallStack(testApp(), "small", { backend: { type: "local" }, tags: { Team: "quotes" } });
  service(stack, "stock", { containers: [web({ environment: { QUOTE: '"${HOME}"' } })] });
  stack.prepareStack();
  const { hcl, metadata } = stack.toHclTerraform();

  test("has what the provider's schema calls a block as a block, and a map as an argument", () => {
    expect(hcl).toMatch(/\n {2}network_configuration \{\n/);
    expect(hcl).toMatch(/\n {2}dns_config \{\n(?:.*\n)*? {4}dns_records \{\n/);
    expect(hcl).toMatch(/\n {2}tags = \{\n/);
    expect(hcl).toMatch(/\n {2}lifecycle \{\n/);
    expect(hcl).toMatch(/\n {2}default_tags \{\n {4}tags = \{\n/);
    expect(hcl).toContain('backend "local" {');
    expect(hcl).toMatch(/required_providers \{\n {4}aws = \{\n/);
  });

  test("has the tags of the stack and those that are given on everything", () => {
    expect(hcl).toMatch(/default_tags \{\n {4}tags = \{\n/);
    for (const [tag, value] of [
      ["Stack", "small"],
      ["ManagedBy", "terraform"],
      ["Team", "quotes"],
    ]) {
      expect(hcl).toMatch(new RegExp(`^ {6}${tag} += "${value}"$`, "m"));
    }
  });

  test("has references without quotes and literals with theirs", () => {
    expect(hcl).toContain("registry_arn = aws_service_discovery_service.stock.arn");
    expect(hcl).toMatch(/replace_triggered_by = \[\n\s+aws_service_discovery_service\.stock\.id,\n/);
    expect(hcl).toContain(String.raw`\"$${"${HOME}"}\"`);
  });

  test("has the same resources as in JSON", () => {
    const inHcl = [...hcl.matchAll(/^resource "(\w+)" "(\w+)" \{$/gm)].map(
      ([, type, name]) => `${type}.${name}`,
    );
    expect(inHcl.sort()).toEqual(stackOf((stack) => service(stack, "stock")).addresses());
    expect(JSON.stringify(metadata)).toContain("small");
  });
});

describe("a stack as a module", () => {
  const make = (fill: (stack: SmallStack) => void): Readonly<Record<string, string>> => {
    const stack = new SmallStack(testApp(), "small", { backend: { type: "local" } });
    fill(stack);
    stack.prepareStack();
    return hclModule(stack);
  };

  test("says which providers it needs, and leaves backend, provider and tags to its caller", () => {
    const files = make((stack) => service(stack, "stock"));
    expect(files["versions.tf"]).toMatch(/^terraform \{\n {2}required_version = /);
    expect(files["versions.tf"]).toContain('source  = "hashicorp/aws"');
    expect(Object.values(files).join()).not.toMatch(/backend "|^provider |default_tags/m);
  });

  test("has its variables, outputs and resources in the files where they are looked for", () => {
    const files = make((stack) => {
      const variable = new TerraformVariable(stack, "vpc_id", { type: "string" });
      new TerraformOutput(stack, "vpc", { value: variable.stringValue });
      service(stack, "stock");
    });
    expect(Object.keys(files)).toEqual(["versions.tf", "variables.tf", "main.tf", "outputs.tf"]);
    expect(files["variables.tf"]).toBe('variable "vpc_id" {\n  type = string\n}\n');
    expect(files["outputs.tf"]).toBe('output "vpc" {\n  value = var.vpc_id\n}\n');
    const inMain = [...(files["main.tf"] ?? "").matchAll(/^(\w+) "/gm)].map(([, block]) => block);
    expect(new Set(inMain)).toEqual(new Set(["data", "resource"]));
  });

  test("has no empty files", () => {
    expect(Object.keys(make((stack) => service(stack, "stock")))).toEqual(["versions.tf", "main.tf"]);
  });
});
