import { matchSchema, platformFee } from "@stoa/core";
import {
  type Acceptance,
  agentVersionId,
  type Agent,
  decodeTyped,
  hashTyped,
  requireSameHash,
  requireSigner,
  type SigningDomain,
  StoaError,
  type Task,
  type TaskResult,
} from "@stoa/protocol";

/** What a requester looks at before it accepts. */
export interface Delivery {
  task: Task;
  /** Its output was checked against its hash. */
  result: TaskResult;
  agent: Agent;
  feeBps: number;
}

/**
 * Checks a delivered result by its requester's own means: that order, award and receipt belong together and are signed
 * by whom they should be, that the output is what the agent's manifest promises, and that the cost is within the order.
 * @returns what to sign to accept it
 * @throws {StoaError} `wrong_state`, `wrong_hash`, `wrong_signature`, `invalid_price`, or `execution_failed` when the
 * output does not fit the manifest
 */
export async function checkDelivery(
  domain: SigningDomain,
  { task, result, agent, feeBps }: Delivery,
): Promise<Acceptance> {
  const { award } = task;
  if (!award) throw new StoaError("wrong_state", `a task that is ${task.state} has no award to accept`);
  const order = decodeTyped("Order", task.order);
  const terms = decodeTyped("Award", award.terms);
  const receipt = decodeTyped("Receipt", result.receipt);
  const orderHash = hashTyped(domain, "Order", order);
  requireSameHash("the order's hash", orderHash, task.id);
  requireSameHash("the award's order", terms.orderHash, orderHash);
  requireSameHash("the receipt's award", receipt.awardHash, hashTyped(domain, "Award", terms));
  requireSameHash("the receipt's result", receipt.resultHash, result.hash);
  requireSameHash("the agent's version", agentVersionId(agent.manifest), award.agentVersion);
  await requireSigner(domain, "Award", terms, award.operatorSignature, order.operator);
  await requireSigner(domain, "Receipt", receipt, result.receiptSignature, terms.node);
  const charge = terms.price + platformFee(terms.price, Math.min(feeBps, order.feeCapBps));
  if (charge > order.maxPrice || terms.royalty > order.royaltyCap) {
    throw new StoaError(
      "invalid_price",
      `the award charges ${charge} with a royalty of ${terms.royalty}, the order allows ${order.maxPrice} and ${order.royaltyCap}`,
    );
  }
  const problems = matchSchema(agent.manifest.output, result.output);
  if (problems.length > 0) {
    throw new StoaError(
      "execution_failed",
      `the result does not fit what ${agent.name} promises: ${problems.join("; ")}`,
      { details: { problems } },
    );
  }
  return { orderHash, resultHash: result.hash, price: terms.price };
}
