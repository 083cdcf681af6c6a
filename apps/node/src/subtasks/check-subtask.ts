import {
  decodeTyped,
  hashJson,
  hashTyped,
  type MarketMessages,
  requireSameHash,
  requireSigner,
  StoaError,
} from "@stoa/protocol";
import type { TaskCall } from "@stoa/sandbox";
import type { Terms } from "../terms.ts";

/**
 * Checks a sub-task's result before the node's key accepts it in the requester's name: award, receipt and output belong
 * together and are signed by whom they should be, and the cost is within what the agent allowed.
 * @throws {StoaError} `wrong_hash`, `wrong_signature`, `invalid_price`
 */
export async function checkSubtask(
  { domain, operator }: Pick<Terms, "domain" | "operator">,
  delivered: MarketMessages["subtask.delivered"],
  { maxPrice }: Pick<TaskCall, "maxPrice">,
): Promise<void> {
  const award = decodeTyped("Award", delivered.award);
  const receipt = decodeTyped("Receipt", delivered.receipt);
  requireSameHash("the award's order", award.orderHash, delivered.taskId);
  requireSameHash("the receipt's award", receipt.awardHash, hashTyped(domain, "Award", award));
  requireSameHash("the output", hashJson(delivered.output), receipt.resultHash);
  await requireSigner(domain, "Award", award, delivered.operatorSignature, operator);
  await requireSigner(domain, "Receipt", receipt, delivered.receiptSignature, award.node);
  const charge = BigInt(delivered.charge);
  if (charge < award.price || charge > maxPrice)
    throw new StoaError(
      "invalid_price",
      `the sub-task costs ${charge} at a price of ${award.price}, expected at most ${maxPrice}`,
    );
}
