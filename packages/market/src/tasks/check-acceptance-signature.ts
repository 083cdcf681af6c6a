import { type Address, type Hash, recoverSigner, type Signature, StoaError, type TaskId } from "@stoa/protocol";
import { loadAwards } from "@stoa/store";
import type { MarketContext } from "../context.ts";

interface Delivered {
  requester: Address;
  sessionKey: Address | null;
  state: string;
  awardHash: Hash | null;
  result: { hash: Hash } | null;
}

/**
 * Checks that the requester, or the session key that ordered, accepts the result that was delivered at its price.
 * @returns the accepted result's hash
 * @throws {StoaError} `not_found`, `wrong_state`, `wrong_signature`
 */
export async function checkAcceptanceSignature(context: MarketContext, taskId: TaskId, signature: Signature): Promise<Hash> {
  const [task] = await context.database.query<Delivered>(
    `select requester, session -> 'key' ->> 'key' as "sessionKey", state, award_hash as "awardHash", result
       from tasks where id = $1`,
    [taskId],
  );
  if (!task) throw new StoaError("not_found", `there is no task ${taskId}`);
  if (!task.result || !task.awardHash) {
    throw new StoaError("wrong_state", `a task that is ${task.state} has no result to accept`);
  }
  const [award] = await loadAwards(context.database, [task.awardHash]);
  const price = award?.price ?? 0n;
  const acceptance = { orderHash: taskId, resultHash: task.result.hash, price };
  const signer = await recoverSigner(context.terms.domain, "Acceptance", acceptance, signature);
  if (signer !== task.requester && signer !== task.sessionKey) {
    throw new StoaError("wrong_signature", `the acceptance is signed by ${signer}, expected ${task.sessionKey ?? task.requester}`);
  }
  return task.result.hash;
}
