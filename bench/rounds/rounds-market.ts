import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type NodeHub, startNodeHub } from "@stoa/network";
import { agentVersionId, decodeTyped, type Hash, hashTyped, signTyped, type TaskId } from "@stoa/protocol";
import {
  handleNodeMessage,
  joinServers,
  type MessageContext,
  newServerId,
  type OpenAuctions,
  openQuotes,
  openServerSignals,
  type Quotes,
  type Rounds,
  runOpenAuctions,
  runRounds,
} from "@stoa/server";
import { type Database, openDatabase } from "@stoa/store";
import { createMarketFixture, type MarketFixture, startPostgres } from "@stoa/testkit";
import type { Hex } from "viem";
import { generatePrivateKey, type LocalAccount, privateKeyToAccount } from "viem/accounts";
import type { NodesOrder } from "./nodes.ts";

const SLOTS = 1_000;
const STAKE = 10n ** 12n;

type SubmitRequest = Awaited<ReturnType<MarketFixture["order"]>>;

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: console.error };
const log = quiet as unknown as Parameters<typeof runRounds>[0]["log"];

/** A market on a durable PostgreSQL with its round clock and hub, and nodes in a process of their own. */
export interface RoundsMarket extends AsyncDisposable {
  readonly capability: string;
  /** Nodes connected so far. */
  nodes(): number;
  addNodes(count: number, agentVersion?: Hash): Promise<void>;
  publish(capability: string): Promise<Hash>;
  orders(count: number, capability?: string): Promise<SubmitRequest[]>;
  /** Milliseconds from the submission to the award. */
  award(order: SubmitRequest): Promise<number>;
  /** Milliseconds that a message to every node and all their answers take: what the network alone costs. */
  roundTrip(): Promise<number>;
  /** Tasks of each round that closed since this was last asked. */
  takeRounds(): number[];
}

export async function openRoundsMarket(windowMs: number): Promise<RoundsMarket> {
  await using starting = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "stoa-bench-"));
  starting.defer(() => rm(folder, { recursive: true, force: true }));
  const server = starting.use(await startPostgres());
  const database = starting.use(await openDatabase({ url: await server.createDatabase("rounds") }));
  const market = await createMarketFixture({ database, isLive: true, terms: { roundWindowMs: windowMs } });
  starting.defer(() => market.market.stop());
  const { hub, roundTrip } = await openHub(database, market, starting);
  const awarded = new Map<string, () => void>();
  let rounds: number[] = [];
  market.market.events.onAppended((events) => {
    for (const event of events) {
      const data = event.data as { taskId?: TaskId; tasks?: number };
      if (event.type === "task.awarded") awarded.get(data.taskId!)?.();
      if (event.type === "round.closed") rounds.push(data.tasks!);
    }
  });
  const requester: LocalAccount = await market.requester(10n ** 15n);
  let nodes = 0;
  const running = starting.move();

  async function addNodes(count: number, agentVersion: Hash = market.agentVersion): Promise<void> {
    const added: NodesOrder["nodes"][number][] = [];
    for (let index = 0; index < count; index += 1) {
      const keys: { node: Hex; provider: Hex } = { node: generatePrivateKey(), provider: generatePrivateKey() };
      const node = { key: privateKeyToAccount(keys.node), provider: privateKeyToAccount(keys.provider), slots: SLOTS };
      await market.stake(node, STAKE);
      added.push({ keys, ask: String(5_000 + index), agentVersion });
    }
    const child: ChildProcess = fork(join(import.meta.dirname, "nodes.ts"));
    running.defer(async () => {
      child.kill();
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    });
    const { domain, minBond } = market.terms;
    child.send({ nodes: added, addresses: hub.addresses(), folder, domain, slots: SLOTS, bond: String(minBond) });
    await once(child, "message");
    nodes += count;
  }

  return {
    capability: market.capability,
    nodes: () => nodes,
    addNodes,
    async publish(capability) {
      const manifest = { ...market.manifest, name: capability.replace(".", "-"), capabilities: [capability] };
      const publication = { creator: market.creator.address, versionId: agentVersionId(manifest) };
      const signature = await signTyped(market.creator, market.terms.domain, "Publication", publication);
      await market.market.publishAgent({ manifest, publication, signature });
      return publication.versionId;
    },
    async orders(count, capability = market.capability) {
      const signed: SubmitRequest[] = [];
      for (let index = 0; index < count; index += 1)
        signed.push(await market.order(requester, { spec: { capability } }));
      return signed;
    },
    async award(order) {
      const taskId = hashTyped(market.terms.domain, "Order", order.order);
      const done = Promise.withResolvers<void>();
      awarded.set(taskId, done.resolve);
      const startedAt = performance.now();
      await market.market.submitTask(order);
      await done.promise;
      awarded.delete(taskId);
      return performance.now() - startedAt;
    },
    roundTrip,
    takeRounds() {
      const taken = rounds;
      rounds = [];
      return taken;
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/** The hub with everything behind it, and a way to ask all nodes without any of it. */
async function openHub(database: Database, { market, operator, terms }: MarketFixture, starting: AsyncDisposableStack) {
  const closing = new AbortController();
  const server = newServerId();
  const late: { rounds?: Rounds; auctions?: OpenAuctions; quotes?: Quotes } = {};
  let onEcho = () => {};
  const hub: NodeHub = await startNodeHub({
    privateKey: generatePrivateKey(),
    listen: ["/ip4/127.0.0.1/tcp/0"],
    market: { operator: operator.address, ...terms.domain, token: terms.token, feeBps: terms.feeBps },
    heartbeatTimeoutMs: 60_000,
    authorise: ({ link, linkSignature, name, slots, agents }) =>
      market.linkNode({ link: decodeTyped("NodeLink", link), signature: linkSignature, name, slots, agents, server }),
    async onMessage(node, message) {
      if (message.type === "quote.answered") return onEcho();
      await handleNodeMessage(
        { market, hub, ...(late as Required<typeof late>), objects: NO_OBJECTS, subtasks: NO_SUBTASKS },
        node,
        message,
      );
    },
    onOnline: () => undefined,
    onOffline: () => undefined,
    log,
  });
  const context = { database, market, hub, log, signal: closing.signal };
  const servers = await joinServers({ ...context, id: server, addresses: () => hub.addresses() });
  const signals = openServerSignals({ ...context, servers });
  const rounds = runRounds({ ...context, retryMs: 60_000, servers, signals });
  const auctions = runOpenAuctions({ ...context, retryMs: 60_000, servers });
  Object.assign(late, { rounds, auctions, quotes: openQuotes({ ...context, servers }) });
  starting.defer(async () => {
    closing.abort();
    await Promise.all([rounds.ended, auctions.ended]);
    await servers.leave();
    await hub[Symbol.asyncDispose]();
  });
  const roundTrip = async () => {
    const nodes = [...hub.online().keys()];
    let left = nodes.length;
    const all = new Promise<void>((resolve) => (onEcho = () => void (--left === 0 && resolve())));
    const message = { type: "quote.asked" as const, quoteId: "00".repeat(16), capability: "a.b", inputBytes: 1 };
    const startedAt = performance.now();
    for (const node of nodes) hub.send(node, message);
    await all;
    return performance.now() - startedAt;
  };
  return { hub, roundTrip };
}

/** No task of this bench is worked on. */
const NO_OBJECTS = {} as MessageContext["objects"];
const NO_SUBTASKS: MessageContext["subtasks"] = { tell: () => Promise.resolve() };
