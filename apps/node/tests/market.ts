import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type NodeHub, type NodeHubOptions, startNodeHub } from "@stoa/network";
import { prepareNodeHome } from "@stoa/host";
import {
  agentVersionId,
  encodeTyped,
  type Hash,
  hashBytes,
  hashJson,
  hashTyped,
  type Manifest,
  type MarketMessages,
  type NodeId,
  type NodeMessage,
  type NodeMessages,
  type Order,
  type RoundOpening,
  type SheetAnswer,
  signTyped,
  type SigningDomain,
  taskHash,
  type TaskSpec,
} from "@stoa/protocol";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { type NodeConfig, toConfig } from "../src/index.ts";

export const domain: SigningDomain = { chainId: 31_337, vault: "0x5FbDB2315678afecb367f032d93F642f64180aa3" };
export const token = "0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512";
export const feeBps = 250;

export const operator = privateKeyToAccount(generatePrivateKey());
export const requester = privateKeyToAccount(generatePrivateKey());
export const creator = privateKeyToAccount(generatePrivateKey());

/** Waits until a value is there, looking again every few milliseconds. */
export async function until<T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
  withinMs = 20_000,
): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const value = await look();
    if (value !== undefined && value !== false) return value;
    if (performance.now() > deadline) throw new Error(`not within ${withinMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

export interface Published {
  manifest: Manifest;
  versionId: Hash;
  source: Buffer;
}

export function makeAgent(
  name: string,
  capability: string,
  source: string,
  changes: Partial<Manifest> = {},
): Published {
  const bytes = Buffer.from(source);
  const manifest: Manifest = {
    stoa: 1,
    name,
    version: "1.0.0",
    description: "an agent of the tests",
    capabilities: [capability],
    input: { type: "object" },
    output: { type: "object" },
    artifact: { kind: "js", hash: hashBytes(bytes), bytes: bytes.length },
    limits: { memoryMb: 64, timeMs: 20_000, outputBytes: 100_000, logBytes: 50_000 },
    grants: {},
    royalty: "500",
    licence: "Apache-2.0",
    ...changes,
  };
  return { manifest, versionId: agentVersionId(manifest), source: bytes };
}

export const shout = makeAgent(
  "shout",
  "text.shout",
  `export function run(input, context) {
     context.log("reading", input.text.length, "characters");
     context.progress(0.5, "half way");
     return { text: input.text.toUpperCase() };
   }`,
);
/** Runs for `input.ms` of wall-clock time. */
export const slow = makeAgent(
  "slow",
  "time.wait",
  `export function run(input) { const end = Date.now() + input.ms; while (Date.now() < end); return { waited: input.ms }; }`,
);

export interface TestMarket extends AsyncDisposable {
  url: string;
  hub: NodeHub;
  agents: Published[];
  heard: { node: NodeId; message: NodeMessage }[];
  events: string[];
  /** Everything heard of one type. */
  all<Type extends NodeMessage["type"]>(type: Type): NodeMessages[Type][];
  next<Type extends NodeMessage["type"]>(
    type: Type,
    fits?: (message: NodeMessages[Type]) => boolean,
  ): Promise<NodeMessages[Type]>;
  stopHub(): Promise<void>;
  startHub(): Promise<void>;
}

function publicView({ manifest, versionId }: Published) {
  const { name, version, description, capabilities, royalty } = manifest;
  return {
    versionId,
    name,
    version,
    description,
    capabilities,
    creator: creator.address,
    royalty,
    state: "active",
    suspendedFor: null,
    publishedAt: new Date().toISOString(),
    nodes: 0,
  };
}

/** A market of the tests' own: the real hub, and the three public things a node reads over REST. */
export async function startMarket(
  agents: Published[] = [shout, slow],
  changes: Partial<NodeHubOptions> = {},
): Promise<TestMarket> {
  const heard: TestMarket["heard"] = [];
  const events: string[] = [];
  const hubKey = generatePrivateKey();
  const quiet = () => undefined;
  let hub: NodeHub | null = null;
  const startHub = async () => {
    hub = await startNodeHub({
      privateKey: hubKey,
      listen: ["/ip4/127.0.0.1/tcp/0"],
      market: { operator: operator.address, ...domain, token, feeBps },
      authorise: async () => undefined,
      onMessage: async (node, message) => void (message.type === "heartbeat" || heard.push({ node, message })),
      onOnline: (node) => void events.push(`online ${node}`),
      onOffline: (node) => void events.push(`offline ${node}`),
      log: { debug: quiet, info: quiet, warn: quiet, error: (details, text) => console.error(text, details) },
      ...changes,
    });
  };
  await startHub();
  const server = createServer((request, response) => {
    const path = (request.url ?? "").split("?")[0] ?? "";
    const last = path.split("/").at(-1);
    const agent = agents.find(({ versionId }) => versionId === last);
    const artifact = agents.find(({ source }) => hashBytes(source) === last);
    const json = (body: unknown) =>
      void response.setHeader("content-type", "application/json").end(JSON.stringify(body));
    if (path === "/api/v1/market") {
      return json({
        ...domain,
        token: { address: token, symbol: "TUSD", decimals: 6 },
        operator: operator.address,
        feeBps,
        withdrawDelaySeconds: 3_600,
        challengeWindowSeconds: 600,
        approvalWindowSeconds: 60,
        roundWindowMs: 500,
        minBond: "1000",
        ruleVersion: 1,
        limits: {},
        network: { addresses: hub?.addresses() ?? [] },
        version: "0.1.0",
      });
    }
    if (path === "/api/v1/agents") return json({ items: agents.map(publicView), nextCursor: null });
    if (agent) return json({ ...publicView(agent), manifest: agent.manifest, signature: `0x${"11".repeat(65)}` });
    if (artifact) return void response.end(artifact.source);
    response.statusCode = 404;
    return json({ title: "no such thing" });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const all = <Type extends NodeMessage["type"]>(type: Type) =>
    heard.map(({ message }) => message).filter((message): message is NodeMessages[Type] => message.type === type);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get hub() {
      return hub!;
    },
    agents,
    heard,
    events,
    all,
    startHub,
    next: (type, fits = () => true) =>
      until(`a ${type} is heard (so far: ${heard.map(({ message }) => message.type).join(" ")})`, () =>
        all(type).find(fits),
      ),
    async stopHub() {
      await hub![Symbol.asyncDispose]();
    },
    async [Symbol.asyncDispose]() {
      await hub![Symbol.asyncDispose]();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export interface TestFolder extends AsyncDisposable {
  config: NodeConfig;
  node: NodeId;
  provider: `0x${string}`;
}

/** A data folder with a key and a link, and the configuration that goes with it. */
export async function nodeFolder(market: { url: string }, env: Record<string, string> = {}): Promise<TestFolder> {
  const folder = await mkdtemp(join(tmpdir(), "stoa-node-"));
  const config = {
    ...toConfig({ STOA_SERVER_URL: market.url, STOA_NODE_DATA: folder, STOA_LOG_LEVEL: "error", ...env }),
  };
  const provider = privateKeyToAccount(generatePrivateKey());
  const home = await prepareNodeHome(folder, { provider, domain, now: Date.now() });
  const node = home.node as NodeId;
  return {
    config,
    node,
    provider: provider.address,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

export interface TestTask {
  orderHash: Hash;
  order: Order;
  orderSignature: `0x${string}`;
  spec: TaskSpec;
  input: unknown;
}

export async function makeTask(capability: string, input: unknown, changes: Partial<Order> = {}): Promise<TestTask> {
  const spec: TaskSpec = {
    capability,
    inputHash: hashJson(input),
    startBySeconds: 10,
    verification: { policy: "approval" },
  };
  const nowSeconds = BigInt(Math.floor(Date.now() / 1_000));
  const order: Order = {
    requester: requester.address,
    operator: operator.address,
    token,
    taskHash: taskHash(spec),
    maxPrice: 50_000n,
    feeCapBps: 500,
    royaltyCap: 10_000n,
    deliverBy: nowSeconds + 120n,
    settleBy: nowSeconds + 3_600n,
    nonce: BigInt(generatePrivateKey()),
    resultKey: `0x${"00".repeat(32)}`,
    ...changes,
  };
  return {
    orderHash: hashTyped(domain, "Order", order),
    order,
    orderSignature: await signTyped(requester, domain, "Order", order),
    spec,
    input,
  };
}

/** Opens a round over tasks and sends it to the nodes. */
export async function openRound(
  market: TestMarket,
  nodes: readonly NodeId[],
  tasks: readonly TestTask[],
  changes: Partial<RoundOpening> = {},
): Promise<MarketMessages["round.opened"]> {
  const opening: RoundOpening = {
    segment: tasks[0]!.spec.capability,
    ruleVersion: 1,
    feeBps,
    domain,
    operator: operator.address,
    tasks: tasks.map(({ orderHash, order, orderSignature, spec, input }) => ({
      orderHash,
      order: encodeTyped("Order", order),
      signature: orderSignature,
      spec,
      inputBytes: Buffer.byteLength(JSON.stringify(input)),
    })),
    asked: nodes.map((node) => ({ node, provider: operator.address })),
    windowMs: 500,
    openedAt: Date.now(),
    snapshotHash: `0x${"00".repeat(32)}`,
    previousHash: `0x${"00".repeat(32)}`,
    ...changes,
  };
  const roundId = hashJson(opening);
  const message = {
    type: "round.opened" as const,
    opening,
    roundId,
    signature: await signTyped(operator, domain, "Opening", { roundId }),
  };
  for (const node of nodes) market.hub.send(node, message);
  return message;
}

/** The assignment that follows from a node's bid; `changes` bend it. */
export async function assign(
  folder: TestFolder,
  round: MarketMessages["round.opened"],
  task: TestTask,
  answer: SheetAnswer,
  changes: { price?: bigint; award?: object; message?: Partial<MarketMessages["assignment"]> } = {},
): Promise<MarketMessages["assignment"]> {
  const royalty = 500n;
  const award = {
    orderHash: task.orderHash,
    roundHash: hashJson("outcome"),
    node: folder.node,
    payout: folder.provider,
    creator: creator.address,
    price: changes.price ?? BigInt(answer.ask) + royalty + 100n,
    royalty,
    ...changes.award,
  };
  const hold = {
    requester: requester.address,
    token,
    orderHash: task.orderHash,
    cumulativeHeld: task.order.maxPrice,
  } as const;
  return {
    type: "assignment",
    taskId: task.orderHash,
    roundId: round.roundId,
    agentVersion: answer.agentVersion,
    award: encodeTyped("Award", award as never),
    operatorSignature: await signTyped(operator, domain, "Award", award as never),
    order: encodeTyped("Order", task.order),
    orderSignature: task.orderSignature,
    spec: task.spec,
    input: task.input,
    holdReceipt: encodeTyped("HoldReceipt", hold),
    holdSignature: await signTyped(operator, domain, "HoldReceipt", hold),
    startByMs: Date.now() + 10_000,
    deliverByMs: Number(task.order.deliverBy) * 1_000,
    ...changes.message,
  };
}
