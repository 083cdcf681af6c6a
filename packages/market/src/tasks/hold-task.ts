import { available, holdPosting } from "@stoa/core";
import { StoaError } from "@stoa/protocol";
import type { TaskRecord } from "@stoa/store";
import type { WorkingSet } from "../lane/working-set.ts";

/**
 * Sets a task's maximum price aside within a batch; `releaseTask` gives it back.
 * @throws {StoaError} `insufficient_funds`, before anything is changed
 */
export function holdIn(
  set: WorkingSet,
  { id, requester, maxPrice, retries }: Pick<TaskRecord, "id" | "requester" | "maxPrice" | "retries">,
): void {
  const hold = holdPosting(id, requester, maxPrice, available(requester), retries);
  const short = set.book.shortfall(hold);
  if (short) {
    throw new StoaError(
      "insufficient_funds",
      `the maximum price is ${maxPrice}, the account has ${short.balance} (smallest units of the token)`,
      {
        details: { balance: short.balance.toString(), needed: short.needed.toString() },
      },
    );
  }
  set.post(hold);
}
