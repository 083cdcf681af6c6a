import { randomBytes } from "node:crypto";
import {
  agentVersionId,
  type AgentVersionId,
  type Hash,
  hashJson,
  type Manifest,
  type RoundId,
  type SheetAnswer,
  signTyped,
  StoaError,
  type TaskId,
} from "@stoa/protocol";
import {
  type AwardFault,
  type Market,
  type MarketTerms,
  openMarket,
  type OpenedRound,
  type VaultEvent,
} from "@stoa/market";
import { type AwardRecord, type Database, findTask, listAwardsOfRound, listAwardsOfTask } from "@stoa/store";
import type { LocalAccount } from "viem/accounts";
import { randomKey } from "./random-key.ts";
import { type Ask, type FixtureNode, signLink, signSheet } from "./sign-sheet.ts";
import { settledEvent } from "./settled-event.ts";
import { type OrderPlan, signOrder } from "./sign-order.ts";
import { signWorkflow, type WorkflowPlan } from "./sign-workflow.ts";

type PlaceSheet = Parameters<Market["placeSheet"]>[0];
type SubmitTask = Parameters<Market["submitTask"]>[0];

export interface MarketFixtureOptions {
  database: Database;
  feeBps?: number;
  /** What the creator gets per execution, in the token's smallest unit. */
  royalty?: bigint;
  /** Lets its agent order of its own kind. */
  subtasks?: boolean;
  terms?: Partial<MarketTerms>;
  /** Operations one transaction takes at most. */
  maxBatch?: number;
  /** Most tasks the lane remembers between batches. */
  remembered?: number;
  /** Where every key comes from; a process that opens the same market again must get the same keys. */
  newKey?: () => LocalAccount;
  /** Epoch milliseconds the clock begins at. */
  startAt?: number;
  /** Runs on the system's clock, for what has timers of its own. */
  isLive?: boolean;
}

type DistributiveOmit<Union, Key extends PropertyKey> = Union extends unknown ? Omit<Union, Key> : never;
/** An event of the vault without its place on the chain. */
export type FixtureVaultEvent = DistributiveOmit<VaultEvent, "txHash" | "logIndex">;

/** A market with everybody who takes part in it, every message really signed, on a clock the test moves. */
export interface MarketFixture {
  readonly database: Database;
  readonly market: Market;
  readonly terms: MarketTerms;
  readonly operator: LocalAccount;
  /** Orders for workflows. */
  readonly runner: LocalAccount;
  readonly creator: LocalAccount;
  readonly capability: string;
  readonly manifest: Manifest;
  readonly agentVersion: AgentVersionId;
  /** Epoch milliseconds; moves only by {@link advance}. */
  now(): number;
  advance(ms: number): void;
  /** Opens the same market again, over the database given: what a restarted process does. */
  reopen(database: Database): MarketFixture;
  requester(amount?: bigint): Promise<LocalAccount>;
  node(plan?: { slots?: number; stake?: bigint; provider?: LocalAccount }): Promise<FixtureNode>;
  /** Applies events of the vault as the next block. */
  vault(...events: FixtureVaultEvent[]): Promise<void>;
  /** What the vault tells when it settles a task under its last award. */
  settledEvent(taskId: TaskId): Promise<FixtureVaultEvent>;
  fund(owner: LocalAccount, amount: bigint): Promise<void>;
  stake(node: FixtureNode, amount: bigint): Promise<void>;
  order(requester: LocalAccount, plan?: OrderPlan): Promise<SubmitTask>;
  submit(requester: LocalAccount, plan?: OrderPlan): Promise<TaskId>;
  /** A workflow as its requester would sign it. */
  workflow(requester: LocalAccount, plan: WorkflowPlan): ReturnType<typeof signWorkflow>;
  openRound(nodes: readonly FixtureNode[]): Promise<OpenedRound>;
  sheet(
    round: OpenedRound,
    node: FixtureNode,
    ask: Ask | ((taskId: Hash) => Ask),
    change?: { bond?: bigint; slots?: number; expiresAt?: bigint },
  ): Promise<PlaceSheet>;
  /** Opens a round, places the sheets of those with an ask, and closes it. */
  round(asks: readonly (readonly [FixtureNode, Ask])[]): Promise<RoundId>;
  award(taskId: TaskId): Promise<AwardRecord>;
  /** Every award of a round. */
  awards(roundId: RoundId): Promise<AwardRecord[]>;
  start(taskId: TaskId, node: FixtureNode): Promise<void>;
  delivery(taskId: TaskId, node: FixtureNode, output?: unknown): Promise<Parameters<Market["deliverResult"]>[0]>;
  deliver(taskId: TaskId, node: FixtureNode, output?: unknown): Promise<void>;
  acceptance(taskId: TaskId, signer: LocalAccount): Promise<Parameters<Market["acceptTask"]>[0]>;
  accept(taskId: TaskId, requester: LocalAccount): ReturnType<Market["acceptTask"]>;
  fault(taskId: TaskId, reason: AwardFault["reason"]): ReturnType<Market["replaceAward"]>;
}

/** 2027-01-15: any instant will do, the same one every time. */
const START_MS = 1_800_000_000_000;

/** The parts of a market that outlive its process: keys, terms, the chain's height, the clock. */
interface World {
  terms: MarketTerms;
  operator: LocalAccount;
  runner: LocalAccount;
  creator: LocalAccount;
  capability: string;
  manifest: Manifest;
  newKey: () => LocalAccount;
  clock: { now: number };
  block: { number: bigint };
  maxBatch: number | undefined;
  remembered: number | undefined;
}

/** Opens a market over a database, under a capability and a vault of its own, and publishes one agent. */
export async function createMarketFixture(options: MarketFixtureOptions): Promise<MarketFixture> {
  const newKey = options.newKey ?? randomKey;
  const [operator, creator] = [newKey(), newKey()];
  const capability = `test.c${operator.address.slice(2, 14).toLowerCase()}`;
  const world: World = {
    operator,
    runner: newKey(),
    creator,
    capability,
    manifest: manifestOf(capability, options.royalty ?? 1_000n, options.subtasks ?? false),
    terms: {
      domain: { chainId: 31_337, vault: newKey().address },
      token: newKey().address,
      feeBps: options.feeBps ?? 200,
      feeRecipient: newKey().address,
      faultPool: newKey().address,
      withdrawDelaySeconds: 7_200,
      challengeWindowSeconds: 600,
      approvalWindowSeconds: 300,
      roundWindowMs: 150,
      openAuctions: { windowMs: 10_000, softCloseMs: 2_000, longestMs: 60_000, decrementBps: 100 },
      minBond: 1_000n,
      ...options.terms,
    },
    newKey,
    clock: options.isLive ? liveClock() : { now: options.startAt ?? START_MS },
    block: { number: 0n },
    maxBatch: options.maxBatch,
    remembered: options.remembered,
  };
  const fixture = fixtureOver(options.database, world);
  world.block.number = (await fixture.market.vaultCursor())?.number ?? 0n;
  const publication = { creator: creator.address, versionId: fixture.agentVersion };
  const signature = await signTyped(creator, world.terms.domain, "Publication", publication);
  await fixture.market.publishAgent({ manifest: world.manifest, publication, signature });
  return fixture;
}

function liveClock(): { now: number } {
  return {
    get now() {
      return Date.now();
    },
    set now(_instant) {
      throw new Error("the system's clock cannot be moved");
    },
  };
}

function manifestOf(capability: string, royalty: bigint, subtasks: boolean): Manifest {
  return {
    stoa: 1,
    name: capability.replace(".", "-"),
    version: "1.0.0",
    description: "Answers with what it is given.",
    capabilities: [capability],
    input: { type: "object", required: ["text"], properties: { text: { type: "string", maxLength: 100 } } },
    output: true,
    artifact: { kind: "js", hash: hashJson(capability), bytes: 10 },
    limits: { memoryMb: 64, timeMs: 1_000, outputBytes: 1_000, logBytes: 1_000 },
    grants: subtasks ? { subtasks: [capability] } : {},
    royalty: royalty.toString(),
    licence: "Apache-2.0",
  };
}

function fixtureOver(database: Database, world: World): MarketFixture {
  const { terms, operator, runner, creator, capability, manifest, newKey, clock, block, maxBatch, remembered } = world;
  const { domain } = terms;
  const market = openMarket({
    database,
    terms,
    operator,
    runner,
    clock: () => clock.now,
    maxBatch,
    remembered,
  });
  const agentVersion = agentVersionId(manifest);
  const fixture: MarketFixture = {
    database,
    market,
    terms,
    operator,
    runner,
    creator,
    capability,
    manifest,
    agentVersion,
    now: () => clock.now,
    advance: (ms) => void (clock.now += ms),
    reopen: (other) => fixtureOver(other, world),
    async requester(amount = 10_000_000n) {
      const account = newKey();
      if (amount > 0n) await fixture.fund(account, amount);
      return account;
    },
    async node({ slots = 4, stake = 1_000_000n, provider = newKey() } = {}) {
      const node: FixtureNode = { key: newKey(), provider, slots };
      await market.linkNode({
        ...(await signLink(node, domain, clock.now)),
        name: "node",
        slots,
        agents: [agentVersion],
      });
      if (stake > 0n) await fixture.stake(node, stake);
      return node;
    },
    async vault(...events) {
      block.number += 1n;
      const txHash = randomHash();
      const placed = events.map((event, logIndex) => ({ ...event, txHash, logIndex }));
      await market.applyVaultBlock({ number: block.number, hash: randomHash(), events: placed });
    },
    settledEvent: (taskId) => settledEvent(database, taskId, terms.feeBps),
    fund: (owner, amount) => fixture.vault({ type: "deposited", owner: owner.address, amount }),
    stake: (node, amount) =>
      fixture.vault({ type: "staked", provider: node.provider.address, node: node.key.address, amount }),
    order: (requester, plan = {}) =>
      signOrder(requester, plan, { terms, operator: operator.address, capability, now: clock.now }),
    submit: async (requester, plan) => (await market.submitTask(await fixture.order(requester, plan))).taskId,
    workflow: (requester, plan) =>
      signWorkflow(requester, plan, { terms, runner: runner.address, capability, now: clock.now }),
    async openRound(nodes) {
      const opened = await market.openRound({
        capability,
        asked: nodes.map(({ key }) => ({ node: key.address, waitedFor: true })),
      });
      if (!opened) throw new Error("no task waits for a round");
      return opened;
    },
    sheet: (round, node, ask, change = {}) =>
      signSheet(round, node, ask, { domain, agentVersion, bond: terms.minBond, ...change }),
    async round(asks) {
      const opened = await fixture.openRound(asks.map(([node]) => node));
      await Promise.all(asks.map(async ([node, ask]) => market.placeSheet(await fixture.sheet(opened, node, ask))));
      await market.closeRound(opened.roundId, "all_answered");
      return opened.roundId;
    },
    awards: (roundId) => listAwardsOfRound(database, roundId),
    async award(taskId) {
      const task = await findTask(database, taskId);
      const award = (await listAwardsOfTask(database, taskId)).find(({ hash }) => hash === task?.awardHash);
      if (!award)
        throw new StoaError("wrong_state", `the task ${taskId} is ${task?.state ?? "unknown"} and has no award`);
      return award;
    },
    ...actions(),
  };
  return fixture;

  function actions(): Pick<MarketFixture, "start" | "delivery" | "deliver" | "acceptance" | "accept" | "fault"> {
    return {
      async start(taskId, node) {
        const { hash, terms: award } = await fixture.award(taskId);
        const message = { ...award, price: BigInt(award.price), royalty: BigInt(award.royalty) };
        const nodeSignature = await signTyped(node.key, domain, "Award", message);
        await market.startTask({
          taskId,
          node: node.key.address,
          awardHash: hash,
          nodeSignature,
          executionId: "e0e0e0e0",
        });
      },
      async delivery(taskId, node, output = { text: "done" }) {
        const outputHash = hashJson(output);
        const receipt = { awardHash: (await fixture.award(taskId)).hash, resultHash: outputHash };
        const signature = await signTyped(node.key, domain, "Receipt", receipt);
        return { taskId, node: node.key.address, receipt, signature, outputHash, stats: { wallMs: 5, logBytes: 0 } };
      },
      deliver: async (taskId, node, output) => market.deliverResult(await fixture.delivery(taskId, node, output)),
      async acceptance(taskId, signer) {
        const task = await findTask(database, taskId);
        if (!task?.result) throw new StoaError("wrong_state", `the task ${taskId} has no result`);
        const acceptance = {
          orderHash: taskId,
          resultHash: task.result.hash,
          price: (await fixture.award(taskId)).price,
        };
        return { taskId, signature: await signTyped(signer, domain, "Acceptance", acceptance) };
      },
      accept: async (taskId, requester) => market.acceptTask(await fixture.acceptance(taskId, requester)),
      async fault(taskId, reason) {
        return market.replaceAward({
          taskId,
          awardHash: (await fixture.award(taskId)).hash,
          reason,
          message: `the node ${reason}`,
        });
      },
    };
  }
}

function randomHash(): Hash {
  return `0x${randomBytes(32).toString("hex")}`;
}

export type { Ask, FixtureNode, OrderPlan, SheetAnswer };
