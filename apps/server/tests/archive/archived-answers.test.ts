import { createClient } from "@stoa/sdk";
import { type Database, ensurePartitions, openDatabase, runArchive } from "@stoa/store";
import type { TaskId } from "@stoa/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { LocalAccount } from "viem/accounts";
import { type HttpFixture, startHttp } from "../http/http-fixture.ts";

let database: Database;
let http: HttpFixture;
let requester: LocalAccount;
let taskId: TaskId;
let token: string;
/** Of the events before they left. */
let events: { seq: number }[];
let entries: unknown[];
const manifests: Record<string, string> = {};

beforeAll(async () => {
  database = await openDatabase({});
  http = await startHttp(database);
  const { market } = http;
  requester = await market.requester();
  const node = await market.node();
  taskId = await market.submit(requester);
  await market.round([[node, 5_000n]]);
  await market.start(taskId, node);
  const log = { taskId, node: node.key.address, executionId: "e0e0e0e0", firstSeq: 0 };
  await market.market.logExecution({ ...log, lines: [{ atMs: market.now(), text: "a line" }] });
  await market.deliver(taskId, node);
  await market.accept(taskId, requester);
  await market.vault(await market.settledEvent(taskId));
  await database.query("update execution_logs set written_at = $1", [new Date(market.now())]);
  token = await http.signIn(requester);
  events = (await http.call("GET", "events", { token })).body.events;
  entries = (await http.call("GET", "account/entries", { token })).body.items;
  await ensurePartitions(database);
  for (const { partition, manifest } of await runArchive(database, http.objects, { endedBefore: Date.UTC(2028, 0) }))
    if (manifest && partition.includes("_p202701")) manifests[partition] = manifest;
});
afterAll(async () => {
  await http?.[Symbol.asyncDispose]();
  await database?.close();
});

test("events before the archive's end are refused as archived, with the manifest and where to read on", async () => {
  const through = events.at(-1)!.seq;
  for (const after of [0, through - 1]) {
    const { status, body } = await http.call("GET", `events?after=${after}`, { token });
    expect(status).toBe(410);
    expect(body).toMatchObject({ code: "archived" });
    expect(body.detail).toContain(manifests["events_p20270101"]);
    expect(body.detail).toContain(`after=${through}`);
  }
  expect((await http.call("GET", `events?after=${through}`, { token })).body).toEqual({ events: [], next: through });
});

test("a client that follows the log from before the archive's end is told so, one from its end goes on", async () => {
  const client = createClient({ url: http.url });
  const past = client.events.stream({ after: 0 });
  await expect(past.next()).rejects.toMatchObject({ code: "archived" });
  const following = client.events.stream({ after: events.at(-1)!.seq });
  const next = following.next();
  await http.market.node();
  expect(await next).toMatchObject({ value: { seq: events.at(-1)!.seq + 1 } });
  await following.return();
});

test("the last page of entries says how many are in which archive", async () => {
  expect(entries.length).toBeGreaterThan(2);
  const { body } = await http.call("GET", "account/entries", { token });
  expect(body.items).toEqual([]);
  expect(body.archived).toEqual([
    {
      manifest: manifests["entries_p20270101"],
      from: "2027-01-01T00:00:00.000Z",
      to: "2027-02-01T00:00:00.000Z",
      rows: entries.length,
    },
  ]);
  await http.market.fund(requester, 5n);
  const later = (await http.call("GET", "account/entries?limit=1", { token })).body;
  expect(later.items).toHaveLength(1);
  expect(later.archived).toEqual(body.archived);
});

test("a task's logs say which archive has more of them, and the account's balance is what it was", async () => {
  const { body } = await http.call("GET", `tasks/${taskId}/logs`, { token });
  expect(body.executions).toEqual([]);
  expect(body.archived).toMatchObject([{ manifest: manifests["execution_logs_p20270101"] }]);
  const { outcome } = (await http.call("GET", `tasks/${taskId}`, { token })).body;
  expect(outcome.kind).toBe("settled");
  const { balances } = (await http.call("GET", "account", { token })).body;
  expect(BigInt(balances.available)).toBe(10_000_005n - BigInt(outcome.charge));
});
