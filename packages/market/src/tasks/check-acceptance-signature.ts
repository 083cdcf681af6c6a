import { type Hash, recoverSigner, type Signature, StoaError, type TaskId } from "@stoa/protocol";
import type { MarketContext } from "../context.ts";

/**
 * Checks that the requester, or the session key that ordered, accepts the result that was delivered at its price.
 * @returns the accepted result's hash
 * @throws {StoaError} `not_found`, `wrong_state`, `wrong_signature`
 */
export async function checkAcceptanceSignature(
  context: MarketContext,
  taskId: TaskId,
  signature: Signature,
): Promise<Hash> {
  const task = await context.reads.delivered(taskId);
  if (!task) throw new StoaError("not_found", `there is no task ${taskId}`);
  if (!task.result || task.price === null) {
    throw new StoaError("wrong_state", `a task that is ${task.state} has no result to accept`);
  }
  const acceptance = { orderHash: taskId, resultHash: task.result.hash, price: task.price };
  const signer = await recoverSigner(context.terms.domain, "Acceptance", acceptance, signature);
  if (signer !== task.requester && signer !== task.sessionKey) {
    throw new StoaError(
      "wrong_signature",
      `the acceptance is signed by ${signer}, expected ${task.sessionKey ?? task.requester}`,
    );
  }
  return task.result.hash;
}
