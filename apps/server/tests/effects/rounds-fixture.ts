import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type NodeHub, startNodeHub } from "@stoa/network";
import { agentVersionId, type EventRecord, type EventType, type Hash, signTyped, type TaskId } from "@stoa/protocol";
import { type Database, findTask } from "@stoa/store";
import {
  createMarketFixture,
  type MarketFixture,
  type OrderPlan,
  type SimulatedNodePlan,
  startSimulatedNode,
} from "@stoa/testkit";
import { pino } from "pino";
import { generatePrivateKey, type LocalAccount, privateKeyToAccount } from "viem/accounts";
import { admitNode } from "../../src/effects/follow-nodes.ts";
import { handleNodeMessage, type MessageContext } from "../../src/effects/handle-node-message.ts";
import { joinServers, newServerId } from "../../src/effects/join-servers.ts";
import { type OpenAuctions, runOpenAuctions } from "../../src/effects/run-open-auctions.ts";
import { type Rounds, runRounds } from "../../src/effects/run-rounds.ts";
import { openServerSignals } from "../../src/effects/server-signals.ts";
import type { ObjectStore } from "../../src/objects/object-store.ts";
import { openQuotes, type Quotes } from "../../src/quotes/open-quotes.ts";

export interface BidderPlan extends Partial<Pick<SimulatedNodePlan, "answer" | "quote" | "costs" | "slots">> {
  stake?: bigint;
  /** The version it hosts; the market's first agent when absent. */
  agentVersion?: Hash;
}

export interface Bidder extends AsyncDisposable {
  address: `0x${string}`;
}

/** The round clock over a real hub, real streams and a real database; only what nodes say is the test's. */
export interface RoundsFixture extends AsyncDisposable {
  market: MarketFixture;
  hub: NodeHub;
  rounds: Rounds;
  quotes: Quotes;
  events: EventRecord[];
  bidder(plan?: BidderPlan): Promise<Bidder>;
  submit(plan?: OrderPlan): Promise<TaskId>;
  /** Publishes a second agent, for another capability. */
  publish(capability: string): Promise<Hash>;
  /** Waits for an event; those that were are looked at too. */
  event<Type extends EventType>(
    type: Type,
    fits?: (data: EventRecord<Type>["data"]) => boolean,
  ): Promise<EventRecord<Type>>;
  awarded(taskId: Hash): Promise<EventRecord<"task.awarded">>;
  unserved(taskId: TaskId): Promise<EventRecord<"task.unserved">>;
}

export interface RoundsOptions {
  database: Database;
  windowMs: number;
}

const PATIENCE_MS = 30_000;

export async function startRounds({ database, windowMs }: RoundsOptions): Promise<RoundsFixture> {
  await using starting = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "stoa-rounds-"));
  starting.defer(() => rm(folder, { recursive: true, force: true }));
  const market = await createMarketFixture({ database, isLive: true, terms: { roundWindowMs: windowMs } });
  const log = pino({ level: "error" });
  const stopping = new AbortController();
  const id = newServerId();
  const late: { rounds?: Rounds; auctions?: OpenAuctions; quotes?: Quotes } = {};
  const hub: NodeHub = await startNodeHub({
    privateKey: generatePrivateKey(),
    listen: ["/ip4/127.0.0.1/tcp/0"],
    market: {
      operator: market.operator.address,
      ...market.terms.domain,
      token: market.terms.token,
      feeBps: market.terms.feeBps,
    },
    graceMs: 200,
    authorise: (hello) => admitNode({ database, market: market.market, log }, hello, id),
    onMessage: (node, message) =>
      handleNodeMessage(
        {
          market: market.market,
          objects: {} as ObjectStore,
          hub,
          rounds: late.rounds!,
          auctions: late.auctions!,
          quotes: late.quotes!,
          subtasks: NO_SUBTASKS,
        },
        node,
        message,
      ),
    onOnline: () => late.rounds?.consider(),
    onOffline: async (node, reason) => void (await market.market.markNodeOffline({ node, reason, server: id })),
    log,
  });
  const events: EventRecord[] = [];
  const listeners = new Set<() => void>();
  market.market.events.onAppended((appended) => {
    events.push(...appended);
    for (const listener of listeners) listener();
  });
  const context = { database, market: market.market, hub, log, signal: stopping.signal };
  const servers = await joinServers({ ...context, id, addresses: () => hub.addresses() });
  const signals = openServerSignals({ ...context, servers });
  late.quotes = openQuotes({ ...context, servers });
  late.rounds = runRounds({ ...context, retryMs: 60_000, servers, signals });
  late.auctions = runOpenAuctions({ ...context, retryMs: 60_000, servers });
  const { rounds, quotes } = late;
  let requester: Promise<LocalAccount> | null = null;
  let at = 0;
  const running = starting.move();

  async function bidder(plan: BidderPlan = {}): Promise<Bidder> {
    const keys = { node: generatePrivateKey(), provider: generatePrivateKey() };
    const key = privateKeyToAccount(keys.node);
    const node = { key, provider: privateKeyToAccount(keys.provider), slots: plan.slots ?? 4 };
    await market.stake(node, plan.stake ?? 1_000_000n);
    const simulated = await startSimulatedNode({
      keys,
      addresses: hub.addresses(),
      outboxFolder: join(folder, String((at += 1))),
      domain: market.terms.domain,
      agentVersion: plan.agentVersion ?? market.agentVersion,
      slots: node.slots,
      bond: market.terms.minBond,
      answer: plan.answer ?? (() => 5_000n),
      ...(plan.costs !== undefined && { costs: plan.costs }),
      ...(plan.quote && { quote: plan.quote }),
    });
    running.defer(() => simulated[Symbol.asyncDispose]());
    return { address: key.address, [Symbol.asyncDispose]: () => simulated[Symbol.asyncDispose]() };
  }

  async function event<Type extends EventType>(
    type: Type,
    fits: (data: EventRecord<Type>["data"]) => boolean = () => true,
  ) {
    const find = () => (events as EventRecord<Type>[]).find((one) => one.type === type && fits(one.data));
    const found = Promise.withResolvers<EventRecord<Type>>();
    const look = () => {
      const one = find();
      if (one) found.resolve(one);
    };
    listeners.add(look);
    const timer = setTimeout(
      () => found.reject(new Error(`no ${type} came; there were ${events.map((one) => one.type).join(" ")}`)),
      PATIENCE_MS,
    );
    look();
    return found.promise.finally(() => (clearTimeout(timer), listeners.delete(look)));
  }

  return {
    market,
    hub,
    rounds,
    quotes,
    events,
    bidder,
    event,
    submit: async (plan) => market.submit(await (requester ??= market.requester(10n ** 12n)), plan),
    async publish(capability) {
      const manifest = { ...market.manifest, name: capability.replace(".", "-"), capabilities: [capability] };
      const publication = { creator: market.creator.address, versionId: agentVersionId(manifest) };
      const signature = await signTyped(market.creator, market.terms.domain, "Publication", publication);
      await market.market.publishAgent({ manifest, publication, signature });
      return publication.versionId;
    },
    awarded: (taskId) => event("task.awarded", (data) => data.taskId === taskId),
    async unserved(taskId) {
      const told = await event("task.unserved", (data) => data.taskId === taskId);
      if (!(await findTask(database, taskId))?.unserved) throw new Error("the reasons were not kept");
      return told;
    },
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await Promise.all([rounds.ended, late.auctions?.ended]);
      await servers.leave();
      await hub[Symbol.asyncDispose]();
      await running.disposeAsync();
      await market.market.stop();
    },
  };
}

/** No task of these tests orders another. */
const NO_SUBTASKS: MessageContext["subtasks"] = { tell: () => Promise.resolve() };
