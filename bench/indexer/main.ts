// Indexing 5,000 events into the market's database, beside one eth_getLogs of the same blocks.
import { parseArgs } from "node:util";
import { anchorRounds, indexChain, roundAnchorsAbi } from "@stoa/chain";
import { ZERO_HASH } from "@stoa/protocol";
import { tableIndex } from "@stoa/server";
import type { Database } from "@stoa/store";
import { callAnvil, databaseKinds, startMarketChain } from "@stoa/testkit";
import { keccak256, numberToHex, stringToHex } from "viem";
import { printReport } from "../report.ts";

const { values } = parseArgs({
  options: {
    json: { type: "boolean" },
    events: { type: "string", default: "5000" },
    "per-block": { type: "string", default: "10" },
    runs: { type: "string", default: "5" },
  },
});
const events = Number(values.events);
const perBlock = Number(values["per-block"]);
const runs = Number(values.runs);
/** Blocks on top, so that the whole of it is past. */
const ON_TOP = 70;

await using world = await startMarketChain();
const { chain, market, sender, anvil } = world;
for (let at = 0; at < events; at += perBlock) {
  const anchors = Array.from({ length: Math.min(perBlock, events - at) }, (_, index) => ({
    vault: market.vault,
    segment: `bench.${at + index}`,
    position: 1,
    previous: ZERO_HASH,
    head: keccak256(stringToHex(`head ${at + index}`)),
  }));
  await sender.wait(await anchorRounds(sender, market.anchors, anchors), { pollMs: 1 });
}
await callAnvil(anvil, "anvil_mine", [numberToHex(ON_TOP)]);
const head = Number(await chain.client.getBlockNumber({ cacheTime: 0 }));
const source = { address: market.anchors, abi: roundAnchorsAbi, fromBlock: market.deployedAtBlock };

interface Time {
  wallMs: number;
  cpuMs: number;
}

async function timed(act: () => Promise<void>): Promise<Time> {
  const [startedAt, cpu] = [performance.now(), process.cpuUsage()];
  await act();
  const { user, system } = process.cpuUsage(cpu);
  return { wallMs: performance.now() - startedAt, cpuMs: (user + system) / 1_000 };
}

async function fastest(measure: () => Promise<Time>): Promise<Time> {
  const times: Time[] = [];
  for (let run = 0; run < runs; run += 1) times.push(await measure());
  return times.reduce((best, time) => (time.wallMs < best.wallMs ? time : best));
}

/** The limit: one request for everything, its answer read as JSON and thrown away. */
function readRaw(): Promise<Time> {
  const [fromBlock, toBlock] = [source.fromBlock, head].map((number) => numberToHex(number));
  const query = { address: source.address, fromBlock, toBlock };
  return timed(async () => {
    const logs = (await callAnvil(anvil, "eth_getLogs", [query])) as unknown[];
    if (logs.length !== events) throw new Error(`the chain has ${logs.length} events, expected ${events}`);
  });
}

/** From nothing to the chain's head, every event and the cursor committed. */
async function index(database: Database): Promise<Time> {
  await database.script(
    "delete from chain_events; delete from chain_blocks; delete from chain_indexes; delete from chain_sources",
  );
  const reached = new AbortController();
  const time = await timed(() =>
    indexChain({
      chain,
      sources: [source],
      store: tableIndex(database, chain.chainId),
      signal: reached.signal,
      onProgress: ({ cursor }) => void (cursor.number === head && reached.abort()),
      onFault(error) {
        if (error) throw error;
      },
    }),
  );
  const [row] = await database.query<{ count: bigint }>("select count(*) as count from chain_events");
  if (Number(row?.count) !== events) throw new Error(`${row?.count} events are indexed, expected ${events}`);
  return time;
}

const limit = await fastest(readRaw);
const rows: (string | number)[][] = [["eth_getLogs, one request", limit.wallMs, limit.cpuMs, 1]];
const figures: Record<string, number> = { getLogsMs: limit.wallMs };
const ratios: Record<string, number> = {};
for (const kind of databaseKinds.filter(({ name }) => name !== "PGlite in memory")) {
  await using held = await kind.start();
  const time = await fastest(() => index(held.database));
  rows.push([`indexed in ${kind.name}`, time.wallMs, time.cpuMs, time.wallMs / limit.wallMs]);
  const name = kind.shared ? "postgresql" : "pglite";
  figures[`${name}IndexMs`] = time.wallMs;
  ratios[`${name}IndexToGetLogs`] = time.wallMs / limit.wallMs;
}

printReport({
  name: "indexer",
  title: `Indexing ${events} events of ${events / perBlock} blocks, from nothing to the chain's head`,
  columns: ["", "ms", "CPU ms here", "times the limit"],
  rows,
  figures,
  ratios,
  notes: [
    `The fastest of ${runs} runs each; the last ${ON_TOP} blocks have no events, and are read one by one with their parents.`,
    "Every event and the cursor are committed; CPU of the chain and of a served database is not counted.",
  ],
});
