import {
  agentVersionId,
  encodeTyped,
  FIRST_PREVIOUS_HASH,
  type Hash,
  hashJson,
  hashTyped,
  IN_THE_CLEAR,
  type Manifest,
  type OpeningTask,
  type RecordNode,
  type RecordVersion,
  type RoundOpening,
  type RoundRecord,
  type RoundSnapshot,
  type SheetAnswer,
  signTyped,
  snapshotHash,
  taskHash,
  ZERO_HASH,
} from "@stoa/protocol";
import fc from "fast-check";
import { privateKeyToAccount } from "viem/accounts";
import { type RoundInputs, RULE_VERSION } from "../src/auction/round-market.ts";
import { answersRoot } from "../src/auction/answers-root.ts";

/** A key per number, for tests. */
export function testKey(n: number) {
  return privateKeyToAccount(`0x${n.toString(16).padStart(64, "0")}`);
}

const OPENED_AT = 1_800_000_000_000;
const OPENED_SECONDS = BigInt(OPENED_AT / 1_000);
const DOMAIN = { chainId: 31_337, vault: testKey(7).address };
const TOKEN = testKey(8).address;
const CAPABILITY = "text.summarize";
const operator = testKey(1);
const creator = testKey(2);

export interface RoundPlan {
  feeBps: number;
  maxPrices: readonly number[];
  /** Per node its slots and, per task, its ask or a pass reason (negative). */
  nodes: readonly {
    slots: number;
    asks: readonly number[];
    silent?: boolean;
    penaltyBps?: number;
    provider?: number;
  }[];
  royalty: number;
  /** Index of a task ordered by a session key. */
  sessionOf?: number;
}

/** Small rounds of every shape: nodes without slots, silent ones, passes, penalties and fees. */
export const anyRoundPlan: fc.Arbitrary<RoundPlan> = fc.record({
  feeBps: fc.constantFrom(0, 250),
  maxPrices: fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 3 }),
  royalty: fc.integer({ min: 0, max: 5 }),
  nodes: fc.array(
    fc.record({
      slots: fc.integer({ min: 0, max: 2 }),
      asks: fc.array(fc.integer({ min: -9, max: 50 }), { minLength: 3, maxLength: 3 }),
      silent: fc.boolean(),
      penaltyBps: fc.constantFrom(0, 500),
    }),
    { maxLength: 3 },
  ),
});

/** The agent that signed rounds and auctions are bid with. */
export const testManifest = (royalty: number): Manifest => ({
  stoa: 1,
  name: "summarize",
  version: "1.0.0",
  description: "Summarises.",
  capabilities: [CAPABILITY],
  input: true,
  output: true,
  artifact: { kind: "js", hash: hashJson("artifact"), bytes: 10 },
  limits: { memoryMb: 64, timeMs: 1_000, outputBytes: 1_000, logBytes: 1_000 },
  grants: {},
  royalty: String(royalty),
  licence: "Apache-2.0",
});

async function signedTask(plan: RoundPlan, index: number): Promise<OpeningTask> {
  const requester = testKey(100 + index);
  const spec = {
    capability: CAPABILITY,
    inputHash: hashJson(index),
    startBySeconds: 30,
    verification: { policy: "approval" as const },
  };
  const order = {
    requester: requester.address,
    operator: operator.address,
    token: TOKEN,
    taskHash: taskHash(spec),
    maxPrice: BigInt(plan.maxPrices[index]!),
    feeCapBps: plan.feeBps,
    royaltyCap: 1_000n,
    deliverBy: OPENED_SECONDS + 600n,
    settleBy: OPENED_SECONDS + 6_000n,
    nonce: BigInt(index),
    resultKey: IN_THE_CLEAR,
  };
  const common = {
    orderHash: hashTyped(DOMAIN, "Order", order),
    order: encodeTyped("Order", order),
    spec,
    inputBytes: 10,
  };
  if (plan.sessionOf !== index) return { ...common, signature: await signTyped(requester, DOMAIN, "Order", order) };
  const sessionKey = testKey(300);
  const key = {
    wallet: requester.address,
    key: sessionKey.address,
    token: TOKEN,
    maxPerOrder: order.maxPrice,
    maxTotal: 10n ** 9n,
    expiresAt: OPENED_SECONDS + 60n,
    nonce: 1n,
  };
  return {
    ...common,
    signature: await signTyped(sessionKey, DOMAIN, "Order", order),
    session: { key: encodeTyped("SessionKey", key), signature: await signTyped(requester, DOMAIN, "SessionKey", key) },
  };
}

interface Round {
  opening: RoundOpening;
  roundId: Hash;
  versionId: Hash;
}

async function signedNode(plan: RoundPlan, index: number, { opening, roundId, versionId }: Round): Promise<RecordNode> {
  const node = testKey(500 + index);
  const terms = plan.nodes[index]!;
  const provider = testKey(terms.provider ?? 700 + index);
  const link = { node: node.address, provider: provider.address, expiresAt: OPENED_SECONDS + 3_600n };
  const linked = {
    link: encodeTyped("NodeLink", link),
    linkSignature: await signTyped(provider, DOMAIN, "NodeLink", link),
  };
  if (terms.silent) return { ...linked, sheet: null };
  const answers = opening.tasks.map(({ orderHash }, task): SheetAnswer => {
    const ask = terms.asks[task]!;
    return ask < 0
      ? { orderHash, agentVersion: ZERO_HASH, ask: "0", promisedSeconds: 0, reason: -ask }
      : { orderHash, agentVersion: versionId, ask: String(ask), promisedSeconds: 30, reason: 0 };
  });
  const root = answersRoot(answers);
  const sheet = {
    roundId,
    node: node.address,
    slots: terms.slots,
    bond: 5_000n,
    answersRoot: root,
    expiresAt: OPENED_SECONDS + 300n,
  };
  const receipt = await signTyped(operator, DOMAIN, "SheetReceipt", { roundId, node: node.address, answersRoot: root });
  return {
    ...linked,
    sheet: {
      sheet: encodeTyped("BidSheet", sheet),
      signature: await signTyped(node, DOMAIN, "BidSheet", sheet),
      answers,
      receipt,
    },
  };
}

/** A closed round as a market would have it, every message really signed. */
export async function signedRound(plan: RoundPlan): Promise<RoundInputs> {
  const tasks = await Promise.all(plan.maxPrices.map((_, index) => signedTask(plan, index)));
  const asked = plan.nodes.map(({ provider }, index) => ({
    node: testKey(500 + index).address,
    provider: testKey(provider ?? 700 + index).address,
  }));
  const snapshot: RoundSnapshot = {
    nodes: asked.map(({ node }, index) => ({
      node,
      penaltyBps: plan.nodes[index]!.penaltyBps ?? 0,
      waitedFor: !plan.nodes[index]!.silent,
    })),
    sameOwner: [],
  };
  const opening: RoundOpening = {
    segment: CAPABILITY,
    ruleVersion: RULE_VERSION,
    feeBps: plan.feeBps,
    domain: DOMAIN,
    operator: operator.address,
    tasks,
    asked,
    windowMs: 150,
    openedAt: OPENED_AT,
    snapshotHash: snapshotHash(snapshot),
    previousHash: FIRST_PREVIOUS_HASH,
  };
  const roundId = hashJson(opening);
  const published = testManifest(plan.royalty);
  const versionId = agentVersionId(published);
  const version: RecordVersion = {
    creator: creator.address,
    manifest: published,
    signature: await signTyped(creator, DOMAIN, "Publication", { creator: creator.address, versionId }),
  };
  return {
    opening,
    openingSignature: await signTyped(operator, DOMAIN, "Opening", { roundId }),
    snapshot,
    nodes: await Promise.all(plan.nodes.map((_, index) => signedNode(plan, index, { opening, roundId, versionId }))),
    versions: [version],
    close: { at: OPENED_AT + 40, reason: "all_answered" },
  };
}

/** A record as whoever changed something in it would publish it: with every hash made to fit again. */
export function rehash(record: RoundRecord): RoundRecord {
  return {
    ...record,
    roundId: hashJson(record.body.opening),
    outcomeHash: hashJson(record.body),
    certificateHash: hashJson(record.certificate),
  };
}
