import { type Address, type Hash, hashTyped, StoaError } from "@stoa/protocol";
import { encodeFunctionData } from "viem";
import type { ChainSender } from "../client/chain-sender.ts";
import { toChainError } from "../client/to-chain-error.ts";
import { claimBatchesAbi } from "../generated/claim-batches.ts";
import { claimBatchesOf } from "./claim-batches-of.ts";
import { orderStatus } from "./order-status.ts";
import { refusedFor } from "./refusals.ts";
import { emptySubmission, type Submission } from "./submit-items.ts";
import type { ClaimedOrder } from "./to-claimed-order.ts";
import type { SettlementEvidence } from "./to-settlement.ts";

/** A claim to be posted, in both its forms. */
export interface Postable {
  evidence: SettlementEvidence;
  item: ClaimedOrder;
}

interface Judged extends Postable {
  orderHash: Hash;
}

/**
 * Posts claims, one batch for each token, in one transaction each. What is settled or claimed alone is left out as done,
 * what this sender has in flight is left to it.
 */
export async function postClaims(
  sender: ChainSender,
  vault: Address,
  claims: readonly Postable[],
): Promise<Submission> {
  const submission = emptySubmission();
  if (claims.length === 0) return submission;
  const { chain } = sender;
  const address = await claimBatchesOf(chain, vault);
  const underWay = await sender.inFlight();
  const open: Judged[] = [];
  for (const claim of claims) {
    const { order } = claim.evidence;
    const orderHash = hashTyped({ chainId: chain.chainId, vault }, "Order", order);
    const txHash = underWay.get(subjectOf(orderHash));
    if (txHash) submission.inFlight.push({ orderHash, txHash });
    else if ((await orderStatus(chain, vault, order, "pending")).state !== "none") submission.already.push(orderHash);
    else open.push({ ...claim, orderHash });
  }
  for (const [token, batch] of Map.groupBy(open, ({ evidence }) => evidence.order.token)) {
    await post(sender, { address, vault, token }, batch, submission);
  }
  return submission;
}

async function post(
  sender: ChainSender,
  to: { address: Address; vault: Address; token: Address },
  batch: readonly Judged[],
  submission: Submission,
): Promise<void> {
  const { address, vault, token } = to;
  const argsOf = (claims: readonly Judged[]) => [vault, token, claims.map(({ item }) => item)] as const;
  const refusals = await simulate(sender, address, argsOf(batch));
  if (refusals === "posted") return void submission.already.push(...batch.map(({ orderHash }) => orderHash));
  batch.forEach(({ orderHash }, i) => {
    if (refusals[i] !== 0) submission.refused.push(refusedFor(orderHash, refusals[i]!));
  });
  const good = batch.filter((_, i) => refusals[i] === 0);
  if (good.length === 0) return;
  const data = encodeFunctionData({ abi: claimBatchesAbi, functionName: "post", args: argsOf(good) });
  const subjects = good.map(({ orderHash }) => subjectOf(orderHash));
  const txHash = await sender.send({ doing: `posting ${good.length} claims`, to: address, data, subjects });
  submission.submitted.push(...good.map(({ orderHash }) => ({ orderHash, txHash })));
}

/** Why each would be left out in the next block; or that the very same batch was posted before. */
async function simulate(
  { chain, address: account }: ChainSender,
  address: Address,
  args: readonly [Address, Address, readonly ClaimedOrder[]],
): Promise<readonly number[] | "posted"> {
  const call = { address, abi: claimBatchesAbi, functionName: "post", args, account, blockTag: "pending" } as const;
  try {
    const { result } = await chain.client.simulateContract(call);
    return result[1];
  } catch (cause) {
    const error = toChainError(cause, "posting claims");
    if (error instanceof StoaError && error.details?.["error"] === "AlreadyPosted") return "posted";
    throw error;
  }
}

function subjectOf(orderHash: Hash): string {
  return `claim ${orderHash}`;
}
