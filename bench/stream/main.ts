// Messages a second on a node's one stream, its round trip, and a broadcast to many nodes over real sockets.
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startNodeHub } from "@stoa/network";
import type { NodeId, NodeMessage } from "@stoa/protocol";
import { generatePrivateKey } from "viem/accounts";
import { printReport } from "../report.ts";

const MESSAGES = 50_000;
const PINGS = 2_000;
const NODES = 100;
const BROADCASTS = 20;
/** As long as an ordinary log line. */
const TEXT = "x".repeat(80);

const hash = `0x${"ab".repeat(32)}` as const;
const address = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
const quiet = { debug: () => undefined, info: () => undefined, warn: console.warn, error: console.error };

let onHeard: (message: NodeMessage) => void = () => undefined;
const folder = await mkdtemp(join(tmpdir(), "stoa-bench-"));
await using hub = await startNodeHub({
  privateKey: generatePrivateKey(),
  listen: ["/ip4/127.0.0.1/tcp/0"],
  market: { operator: address, chainId: 31_337, vault: address, token: address, feeBps: 0 },
  heartbeatTimeoutMs: 30_000,
  authorise: async () => undefined,
  onMessage: async (_node, message) => onHeard(message),
  onOnline: () => undefined,
  onOffline: () => undefined,
  log: quiet,
});

const children: ChildProcess[] = [];
async function startNodes(count: number): Promise<ChildProcess> {
  const child = fork(join(import.meta.dirname, "nodes.ts"), [String(count), folder, ...hub.addresses()]);
  children.push(child);
  await once(child, "message");
  return child;
}

/** Resolves once the hub has heard `count` messages of a type. */
function heard(count: number, type: NodeMessage["type"]): Promise<void> {
  return new Promise((resolve) => {
    onHeard = (message) => {
      if (message.type === type && --count === 0) resolve();
    };
  });
}

async function flood(child: ChildProcess, mode: "batched" | "single", count: number): Promise<number> {
  const all = heard(count, "logged");
  const startedAt = performance.now();
  child.send({ mode, count, text: TEXT });
  await all;
  return (count / (performance.now() - startedAt)) * 1_000;
}

const tell = (node: NodeId) => hub.send(node, { type: "result.rejected", taskId: hash, code: "ping", message: "" });

async function roundTrips(node: NodeId): Promise<number[]> {
  const times: number[] = [];
  for (let index = 0; index < PINGS; index += 1) {
    const answered = heard(1, "progressed");
    const startedAt = performance.now();
    tell(node);
    await answered;
    times.push(performance.now() - startedAt);
  }
  return times.sort((a, b) => a - b);
}

async function broadcasts(): Promise<number[]> {
  const times: number[] = [];
  for (let index = 0; index < BROADCASTS; index += 1) {
    const nodes = [...hub.online().keys()];
    const answered = heard(nodes.length, "progressed");
    const startedAt = performance.now();
    for (const node of nodes) tell(node);
    await answered;
    times.push(performance.now() - startedAt);
  }
  return times.sort((a, b) => a - b);
}

const at = (sorted: readonly number[], part: number) => sorted[Math.floor((sorted.length - 1) * part)] ?? 0;

try {
  const child = await startNodes(1);
  const [node] = hub.online().keys();
  await flood(child, "batched", 5_000);
  const batched = await flood(child, "batched", MESSAGES);
  const single = await flood(child, "single", PINGS);
  const trips = await roundTrips(node as NodeId);
  await startNodes(NODES - 1);
  await broadcasts();
  const all = await broadcasts();
  printReport({
    name: "stream",
    title: "A node's one stream to the market: libp2p over TCP, noise and yamux",
    columns: ["what", "per second", "p50 ms", "p99 ms"],
    rows: [
      ["messages of one node, batched", batched, "", ""],
      ["messages of one node, each awaiting its acknowledgement", single, "", ""],
      ["message there and answer back", "", at(trips, 0.5), at(trips, 0.99)],
      [`broadcast to ${NODES} nodes, all answers back`, "", at(all, 0.5), at(all, 0.99)],
    ],
    figures: {
      batchedPerSecond: batched,
      singlePerSecond: single,
      roundTripP50Ms: at(trips, 0.5),
      roundTripP99Ms: at(trips, 0.99),
      broadcast100P50Ms: at(all, 0.5),
    },
    ratios: { batchedOverSingle: batched / single },
    notes: [`${MESSAGES} log lines of ${TEXT.length} characters; hub and nodes in processes of their own on one host.`],
  });
} finally {
  for (const child of children) {
    child.kill();
    await once(child, "exit");
  }
  await rm(folder, { recursive: true, force: true });
}
