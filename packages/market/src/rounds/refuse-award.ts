import {
  type Address,
  hashJson,
  type Refusal,
  requireSigner,
  type Signature,
  StoaError,
  type TaskId,
} from "@stoa/protocol";
import { loadAwards } from "@stoa/store";
import type { MarketContext } from "../context.ts";
import { type FaultOutcome, replaceAward } from "./replace-award.ts";

export interface RefuseAward {
  taskId: TaskId;
  node: Address;
  refusal: Refusal;
  signature: Signature;
  /** The text whose hash the refusal signs. */
  reason: string;
}

/**
 * Takes a node's signed refusal of its own award: a fault, by docs/auction.md.
 * @throws {StoaError} `wrong_hash`, `wrong_signature`, `not_assigned` for an award that is not the node's
 */
export async function refuseAward(context: MarketContext, request: RefuseAward): Promise<FaultOutcome> {
  const { taskId, node, refusal, signature, reason } = request;
  const reasonHash = hashJson(reason);
  if (refusal.reasonHash !== reasonHash) {
    throw new StoaError(
      "wrong_hash",
      `the refusal signs the reason ${refusal.reasonHash}, the text hashes to ${reasonHash}`,
    );
  }
  await requireSigner(context.terms.domain, "Refusal", refusal, signature, node);
  const [award] = await loadAwards(context.database, [refusal.awardHash]);
  if (award?.node !== node || award.taskId !== taskId) {
    throw new StoaError("not_assigned", `${refusal.awardHash} is no award of ${node} for the task ${taskId}`);
  }
  return replaceAward(context, {
    taskId,
    awardHash: award.hash,
    reason: "refused",
    message: `the node refused: ${reason}`,
  });
}
