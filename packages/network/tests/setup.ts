import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  encodeTyped,
  type Hash,
  type MarketMessage,
  type NodeId,
  type NodeMessage,
  signTyped,
  type SigningDomain,
} from "@stoa/protocol";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import {
  connectMarket,
  type MarketLink,
  type MarketLinkOptions,
  type NetworkLog,
  type NodeHub,
  type NodeHubOptions,
  startNodeHub,
} from "../src/index.ts";

export const domain: SigningDomain = { chainId: 31_337, vault: "0x5FbDB2315678afecb367f032d93F642f64180aa3" };
export const market = {
  operator: "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266",
  chainId: domain.chainId,
  vault: domain.vault,
  token: "0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512",
  feeBps: 250,
} as const;

export interface LogLine {
  level: string;
  details: object;
  text: string;
}

export function collectingLog(): NetworkLog & { lines: LogLine[] } {
  const lines: LogLine[] = [];
  const at = (level: string) => (details: object, text: string) => void lines.push({ level, details, text });
  return { lines, debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

/** Waits until a condition holds, looking again every few milliseconds. */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  withinMs = 10_000,
): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`not within ${withinMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

export const taskId = (index: number): Hash => `0x${index.toString(16).padStart(64, "0")}`;

export interface Heard {
  node: NodeId;
  message: NodeMessage;
}

/** A hub that writes down what it hears, with all its resources gone at the end of the test. */
export async function setupHub(changes: Partial<NodeHubOptions> = {}) {
  const heard: Heard[] = [];
  const events: string[] = [];
  const log = collectingLog();
  const hub: NodeHub = await startNodeHub({
    privateKey: generatePrivateKey(),
    listen: ["/ip4/127.0.0.1/tcp/0"],
    market,
    authorise: async () => undefined,
    onMessage: async (node, message) => void (message.type === "heartbeat" || heard.push({ node, message })),
    onOnline: (node) => void events.push(`online ${node}`),
    onOffline: (node, reason) => void events.push(`offline ${node} ${reason}`),
    log,
    ...changes,
  });
  return { hub, heard, events, log, [Symbol.asyncDispose]: () => hub[Symbol.asyncDispose]() };
}

/** A node with a fresh key and an outbox of its own. */
export async function setupNode(addresses: () => readonly string[], changes: Partial<MarketLinkOptions> = {}) {
  const privateKey = changes.privateKey ?? generatePrivateKey();
  const account = privateKeyToAccount(privateKey);
  const provider = privateKeyToAccount(generatePrivateKey());
  const link = { node: account.address, provider: provider.address, expiresAt: 4_000_000_000n };
  const linkSignature = await signTyped(provider, domain, "NodeLink", link);
  const outboxFolder = changes.outboxFolder ?? (await mkdtemp(join(tmpdir(), "stoa-outbox-")));
  const heard: MarketMessage[] = [];
  const log = collectingLog();
  const options: MarketLinkOptions = {
    privateKey,
    addresses,
    hello: () => ({ link: encodeTyped("NodeLink", link), linkSignature, name: "a node", slots: 2, agents: [] }),
    heartbeat: () => ({ freeSlots: 2, running: [] }),
    outboxFolder,
    onMessage: async (message) => void heard.push(message),
    log,
    ...changes,
  };
  const node: MarketLink = await connectMarket(options);
  const id = account.address as NodeId;
  const online = () =>
    until(`node ${id} is online: ${JSON.stringify(node.state())}`, () => node.state().status === "online");
  return {
    node,
    id,
    heard,
    log,
    online,
    options,
    async [Symbol.asyncDispose]() {
      await node[Symbol.asyncDispose]();
      if (!changes.outboxFolder) await rm(outboxFolder, { recursive: true, force: true });
    },
  };
}

export const started = (index: number): NodeMessage & { type: "started" } => ({
  type: "started",
  taskId: taskId(index),
  executionId: "00000000-aaaa",
  awardHash: taskId(index),
  nodeSignature: `0x${"11".repeat(65)}`,
});

export const logged = (index: number, text = "line"): NodeMessage & { type: "logged" } => ({
  type: "logged",
  taskId: taskId(index),
  executionId: "00000000-aaaa",
  firstSeq: index,
  lines: [{ atMs: index, text }],
});
