#!/usr/bin/env bash
# libsql 0.5.29, whose API is that of better-sqlite3, adds a property `_metadata` to each row that get() returns. all() and
# better-sqlite3 do not. A row that is sent on as it is, for example as JSON, has a member that nobody selected.
# Seen with Node.js 20 and libsql 0.5.29:
#   get: a,_metadata
#   all: a
# stock-service (apps/stock-service/src/connection.ts) therefore reads single rows by all(), too.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund libsql@0.5.29 > /dev/null

cat > row.cjs <<'JS'
const Database = require("libsql");
const select = new Database(":memory:").prepare("SELECT 1 AS a");
const found = { get: Object.keys(select.get()).join(), all: Object.keys(select.all()[0]).join() };
console.log(`get: ${found.get}\nall: ${found.all}`);
process.exit(found.get === "a,_metadata" && found.all === "a" ? 0 : 1);
JS
timeout 60 node row.cjs
