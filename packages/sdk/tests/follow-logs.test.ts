import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LocalMarket, startLocalMarket, until, wallets } from "@stoa/local";
import { hashBytes, type Manifest } from "@stoa/protocol";
import { createClient, type LogLine } from "@stoa/sdk";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startProxy } from "./cuttable-proxy.ts";

const PATIENCE_MS = 60_000;
const LINES = 60;
/** Writes a line every 50 ms, as one that works would. */
const SOURCE = Buffer.from(`export function run({ lines }, { log }) {
  for (let line = 0; line < lines; line += 1) {
    log("line", line);
    for (const end = Date.now() + 50; Date.now() < end;);
  }
  return { lines };
}`);
const MANIFEST: Manifest = {
  stoa: 1,
  name: "ticker",
  version: "1.0.0",
  description: "Writes lines.",
  capabilities: ["test.ticker"],
  input: { type: "object" },
  output: { type: "object" },
  artifact: { kind: "js", hash: hashBytes(SOURCE), bytes: SOURCE.length },
  limits: { memoryMb: 16, timeMs: 60_000, outputBytes: 1_000, logBytes: 10_000 },
  grants: {},
  royalty: "0",
  licence: "Apache-2.0",
};

let folder: string;
let market: LocalMarket;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "stoa-logs-"));
  const nodes = [{ name: "attica", slots: 2, cost: "base=0.004" }];
  market = await startLocalMarket({ dataFolder: folder, port: 0, nodes });
  const creator = createClient({ url: market.url, signer: wallets.creator });
  const { versionId } = await creator.agents.publish({ manifest: MANIFEST, artifact: SOURCE, signer: wallets.creator });
  await until("the node to host it", PATIENCE_MS, async () => {
    const { items } = await market.client.nodes.list();
    return items.every(({ agents }) => agents.includes(versionId));
  });
}, PATIENCE_MS);
afterAll(async () => {
  await market?.stop();
  await rm(folder, { recursive: true, force: true });
});

it(
  "a log is followed while it is written, every line once and in order, across a lost connection, until it ends",
  async () => {
    await using proxy = await startProxy(market.url);
    const { client } = market;
    const follower = createClient({ url: proxy.url, signer: wallets.requester });
    const input = { lines: LINES };
    const order = { capability: "test.ticker", input, maxPrice: 50_000n, signer: wallets.requester };
    const { taskId } = await client.tasks.submit(order);
    const told: LogLine[] = [];
    const following = (async () => {
      for await (const line of follower.tasks.followLogs(taskId)) told.push(line);
    })();
    await until("the first lines", PATIENCE_MS, async () => told.length >= 5);
    expect((await client.tasks.get(taskId)).state).toBe("running");
    proxy.cut();
    const before = told.length;
    await until("lines that nobody hears", PATIENCE_MS, async () => {
      const { executions } = await client.tasks.logs(taskId);
      return (executions[0]?.lines.length ?? 0) >= before + 5;
    });
    proxy.restore();
    await following;
    expect(told.map(({ text }) => text)).toEqual(Array.from({ length: LINES }, (_, line) => `line ${line}`));
    expect(new Set(told.map(({ executionId }) => executionId)).size).toBe(1);
    const { executions } = await client.tasks.logs(taskId);
    expect(told.map(({ seq, at, text }) => ({ seq, at, text }))).toEqual(executions[0]?.lines);
    const again: string[] = [];
    for await (const { text } of follower.tasks.followLogs(taskId)) again.push(text);
    expect(again).toHaveLength(LINES);
  },
  PATIENCE_MS * 2,
);
