import { type Address, type Hash, StoaError } from "@stoa/protocol";
import { encodeFunctionData } from "viem";
import type { ChainSender } from "../client/chain-sender.ts";
import { toChainError } from "../client/to-chain-error.ts";
import { claimBatchesAbi } from "../generated/claim-batches.ts";
import { claimBatchesOf } from "./claim-batches-of.ts";
import { claimTree } from "./claim-tree.ts";
import type { PostedBatch } from "./find-posted-claims.ts";
import { REFUSALS, refusedFor } from "./refusals.ts";
import { emptySubmission, type Submission } from "./submit-items.ts";

const SPENT = REFUSALS.indexOf("Spent");

/**
 * Has posted claims paid, those of one batch in one transaction. What the vault would skip in the next block is left
 * out, and so is what this sender has in flight.
 * @param posted each order with the batch it is claimed in
 */
export async function settlePosted(
  sender: ChainSender,
  vault: Address,
  posted: ReadonlyMap<Hash, PostedBatch>,
): Promise<Submission> {
  const submission = emptySubmission();
  if (posted.size === 0) return submission;
  const address = await claimBatchesOf(sender.chain, vault);
  const underWay = await sender.inFlight();
  const open: [Hash, PostedBatch][] = [];
  for (const [orderHash, batch] of posted) {
    const txHash = underWay.get(subjectOf(orderHash));
    if (txHash) submission.inFlight.push({ orderHash, txHash });
    else open.push([orderHash, batch]);
  }
  const byRoot = Map.groupBy(open, ([, { root }]) => root);
  for (const group of byRoot.values()) {
    const wanted = new Set(group.map(([orderHash]) => orderHash));
    await settle(sender, { address, vault }, group[0]![1], wanted, submission);
  }
  return submission;
}

async function settle(
  sender: ChainSender,
  to: { address: Address; vault: Address },
  batch: PostedBatch,
  wanted: ReadonlySet<Hash>,
  submission: Submission,
): Promise<void> {
  const judged = await simulate(sender, to.address, argsOf(to.vault, batch, wanted));
  const orders = batch.claims.map(({ orderHash }) => orderHash).filter((orderHash) => wanted.has(orderHash));
  if (judged instanceof StoaError) {
    const { details, message: reason } = judged;
    const error = typeof details?.["error"] === "string" ? details["error"] : null;
    return void submission.refused.push(...orders.map((orderHash) => ({ orderHash, reason, error })));
  }
  const good = new Set<Hash>();
  orders.forEach((orderHash, i) => {
    const refusal = judged[i] ?? 0;
    if (refusal === 0) good.add(orderHash);
    else if (refusal === SPENT) submission.already.push(orderHash);
    else submission.refused.push(refusedFor(orderHash, refusal));
  });
  if (good.size === 0) return;
  const data = encodeFunctionData({
    abi: claimBatchesAbi,
    functionName: "settle",
    args: argsOf(to.vault, batch, good),
  });
  const subjects = [...good].map(subjectOf);
  const txHash = await sender.send({ doing: `paying ${good.size} posted claims`, to: to.address, data, subjects });
  submission.submitted.push(...[...good].map((orderHash) => ({ orderHash, txHash })));
}

function argsOf(vault: Address, { root, token, claims }: PostedBatch, wanted: ReadonlySet<Hash>) {
  const places = claims.flatMap(({ orderHash }, place) => (wanted.has(orderHash) ? [place] : []));
  const { proof, flags } = claimTree(vault, token, claims).prove(places);
  return [root, vault, token, places.map((place) => claims[place]!), proof, flags] as const;
}

/** Why each would be skipped in the next block; or why none would be paid yet. */
async function simulate(
  { chain, address: account }: ChainSender,
  address: Address,
  args: ReturnType<typeof argsOf>,
): Promise<readonly number[] | StoaError> {
  const call = { address, abi: claimBatchesAbi, functionName: "settle", args, account, blockTag: "pending" } as const;
  try {
    return (await chain.client.simulateContract(call)).result;
  } catch (cause) {
    const error = toChainError(cause, "paying posted claims");
    if (error.code !== "chain_rejected") throw error;
    return error;
  }
}

function subjectOf(orderHash: Hash): string {
  return `settle ${orderHash}`;
}
