import { answersRoot, type RoundInputs, RULE_VERSION } from "@stoa/core";
import {
  agentVersionId,
  BID_REASON,
  encodeTyped,
  FIRST_PREVIOUS_HASH,
  type Hash,
  hashJson,
  hashTyped,
  type Manifest,
  type OpeningTask,
  passReasons,
  type RecordNode,
  type RoundOpening,
  signTyped,
  type SheetAnswer,
  snapshotHash,
  taskHash,
} from "@stoa/protocol";
import { privateKeyToAccount } from "viem/accounts";

export interface RoundSize {
  tasks: number;
  nodes: number;
  /** Nodes that bid for a task; the others pass. */
  bidsPerTask: number;
  /** Of each node. */
  slots: number;
}

const OPENED_AT = 1_800_000_000_000;
const OPENED_SECONDS = BigInt(OPENED_AT / 1_000);
const CAPABILITY = "text.summarize";
const key = (n: number) => privateKeyToAccount(`0x${n.toString(16).padStart(64, "0")}`);
const [operator, creator, requester, provider] = [key(1), key(2), key(3), key(4)];
const DOMAIN = { chainId: 31_337, vault: key(5).address };

/** Integers below 2³², the same ones every time. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}

const manifest: Manifest = {
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
  royalty: "500",
  licence: "Apache-2.0",
};

async function signedTask(index: number): Promise<OpeningTask> {
  const spec = {
    capability: CAPABILITY,
    inputHash: hashJson(index),
    startBySeconds: 30,
    verification: { policy: "approval" as const },
  };
  const order = {
    requester: requester.address,
    operator: operator.address,
    token: key(6).address,
    taskHash: taskHash(spec),
    maxPrice: 50_000n,
    feeCapBps: 250,
    royaltyCap: 1_000n,
    deliverBy: OPENED_SECONDS + 600n,
    settleBy: OPENED_SECONDS + 6_000n,
    nonce: BigInt(index),
    resultKey: FIRST_PREVIOUS_HASH,
  };
  return {
    orderHash: hashTyped(DOMAIN, "Order", order),
    order: encodeTyped("Order", order),
    signature: await signTyped(requester, DOMAIN, "Order", order),
    spec,
    inputBytes: 10,
  };
}

async function signedNode(
  index: number,
  size: RoundSize,
  opening: RoundOpening,
  version: Hash,
  roundId: Hash,
): Promise<RecordNode> {
  const node = key(1_000 + index);
  const next = numbers(index + 1);
  const link = { node: node.address, provider: provider.address, expiresAt: OPENED_SECONDS + 3_600n };
  const answers = opening.tasks.map(({ orderHash }, task): SheetAnswer => {
    // A task's bidders stand in a row, so that every node has about the same number of bids.
    const isBid = (index - task * 7 + size.nodes * task) % size.nodes < size.bidsPerTask;
    return isBid
      ? {
          orderHash,
          agentVersion: version,
          ask: String(5_000 + (next() % 40_000)),
          promisedSeconds: 30,
          reason: BID_REASON,
        }
      : {
          orderHash,
          agentVersion: FIRST_PREVIOUS_HASH,
          ask: "0",
          promisedSeconds: 0,
          reason: passReasons.no_free_slot.code,
        };
  });
  const root = answersRoot(answers);
  const sheet = {
    roundId,
    node: node.address,
    slots: size.slots,
    bond: 5_000n,
    answersRoot: root,
    expiresAt: OPENED_SECONDS + 300n,
  };
  return {
    link: encodeTyped("NodeLink", link),
    linkSignature: await signTyped(provider, DOMAIN, "NodeLink", link),
    sheet: {
      sheet: encodeTyped("BidSheet", sheet),
      signature: await signTyped(node, DOMAIN, "BidSheet", sheet),
      answers,
      receipt: await signTyped(operator, DOMAIN, "SheetReceipt", { roundId, node: node.address, answersRoot: root }),
    },
  };
}

/** A closed round of a given size, every message really signed; the same one every time. */
export async function signedRound(size: RoundSize): Promise<RoundInputs> {
  const tasks: OpeningTask[] = [];
  for (let index = 0; index < size.tasks; index += 1) tasks.push(await signedTask(index));
  const asked = Array.from({ length: size.nodes }, (_, index) => ({
    node: key(1_000 + index).address,
    provider: provider.address,
  }));
  const snapshot = { nodes: asked.map(({ node }) => ({ node, penaltyBps: 0, waitedFor: true })), sameOwner: [] };
  const opening: RoundOpening = {
    segment: CAPABILITY,
    ruleVersion: RULE_VERSION,
    feeBps: 250,
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
  const versionId = agentVersionId(manifest);
  const published = { creator: creator.address, versionId };
  const nodes: RecordNode[] = [];
  for (let index = 0; index < size.nodes; index += 1)
    nodes.push(await signedNode(index, size, opening, versionId, roundId));
  return {
    opening,
    openingSignature: await signTyped(operator, DOMAIN, "Opening", { roundId }),
    snapshot,
    nodes,
    versions: [
      { creator: creator.address, manifest, signature: await signTyped(creator, DOMAIN, "Publication", published) },
    ],
    close: { at: OPENED_AT + 40, reason: "all_answered" },
  };
}
