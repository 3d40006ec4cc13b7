#!/usr/bin/env bash
# cdktf 0.21.0 writes one of two stacks if both have the same id in different scopes of an app. The second overwrites the first in
# cdktf.out/stacks/<id>, without an error or a warning: what the first describes is in no plan any more.
# Seen with Node.js 20, cdktf 0.21.0 and constructs 10.7.0, for a stack `shop` in a scope `staging` and one in `production`:
#   stacks in the app: 2, written: 1, of: production
# The rule general-one-stack-id reports it, if the app calls checkFindings before app.synth().
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts cdktf@0.21.0 constructs@10.7.0 > /dev/null

cat > app.cjs <<'JS'
const { readdirSync, readFileSync } = require("node:fs");
const { App, TerraformOutput, TerraformStack } = require("cdktf");
const { Construct } = require("constructs");

const app = new App({ outdir: "cdktf.out" });
for (const environment of ["staging", "production"]) {
  const stack = new TerraformStack(new Construct(app, environment), "shop");
  new TerraformOutput(stack, "environment", { value: environment });
}
app.synth();
const stacks = app.node.findAll().filter((construct) => TerraformStack.isStack(construct)).length;
const written = readdirSync("cdktf.out/stacks");
const { output } = JSON.parse(readFileSync("cdktf.out/stacks/shop/cdk.tf.json", "utf8"));
console.log(`stacks in the app: ${stacks}, written: ${written.length}, of: ${output.environment.value}`);
process.exit(stacks === 2 && written.join() === "shop" && output.environment.value === "production" ? 0 : 1);
JS
timeout 60 node app.cjs
