// Every operation of the API with what its schemas allow, what lies at their edges and what they do not; 100,000 requests,
// or as many as `-- --requests N` says. A fault of ours, a trace of our code, or anything of another account's ends it.
import { parseArgs } from "node:util";
import { databaseKinds } from "@stoa/testkit";
import { driveApi } from "../../apps/server/tests/contract/drive.ts";
import { operationsOf } from "../../apps/server/tests/contract/operations.ts";
import { startHttp } from "../../apps/server/tests/http/http-fixture.ts";

const { values } = parseArgs({ options: { requests: { type: "string", default: "100000" } } });
const requests = Number(values.requests);
/** Told after each: a whole run takes a quarter of an hour. */
const STRETCHES = 20;

await using opened = await databaseKinds[0]!.start();
let sent = 0;
const startedAt = performance.now();
while (sent < requests) {
  // A market of its own for each: what was ordered and published in one fills it.
  await using http = await startHttp(opened.database, { rateLimits: { all: 10 ** 9, signIn: 10 ** 9 } });
  const operations = operationsOf(http.app).length;
  sent += await driveApi(http, Math.max(1, Math.ceil(requests / STRETCHES / operations)));
  const seconds = (performance.now() - startedAt) / 1_000;
  console.log(`${sent} requests, ${seconds.toFixed(0)} s`);
}
console.log(`${sent} requests: none met a fault, or saw what is another account's`);
