import { openSegment } from "@stoa/core";
import { decodeTyped, hashJson, type MarketMessages, requireSigner, StoaError } from "@stoa/protocol";
import { checkOrder } from "../check-order.ts";
import type { AskedTask } from "../rounds/answer-task.ts";
import type { Terms } from "../terms.ts";

/**
 * Checks that an open auction was opened by this market's operator, asks this node, and is what the task's requester
 * signed up for.
 * @returns the task, its order's signature looked at
 * @throws {StoaError} `wrong_hash`, `wrong_signature`, `invalid_order` or `not_announced`
 */
export async function checkAuction(
  { auctionId, opening, signature }: MarketMessages["auction.opened"],
  terms: Terms,
  nowMs: number,
): Promise<AskedTask> {
  const actual = hashJson(opening);
  if (actual !== auctionId) throw new StoaError("wrong_hash", `the opening's hash is ${actual}, expected ${auctionId}`);
  const { domain, asked, task, segment } = opening;
  if (domain.chainId !== terms.domain.chainId || domain.vault.toLowerCase() !== terms.domain.vault.toLowerCase()) {
    throw new StoaError(
      "invalid_order",
      `the auction is of chain ${domain.chainId} and vault ${domain.vault}, expected ${terms.domain.chainId} and ${terms.domain.vault}`,
    );
  }
  if (task.spec.auction !== "open" || segment !== openSegment(task.spec.capability))
    throw new StoaError("invalid_order", `the requester of ${task.orderHash} did not ask for the auction ${segment}`);
  if (!asked.some(({ node }) => node.toLowerCase() === terms.node.toLowerCase()))
    throw new StoaError("not_announced", `the auction ${auctionId} does not ask this node`);
  await requireSigner(terms.domain, "Opening", { roundId: auctionId }, signature, terms.operator);
  const { orderHash, spec, inputBytes } = task;
  const order = decodeTyped("Order", task.order);
  return { orderHash, order, spec, inputBytes, isSigned: await isSigned(task, terms, nowMs) };
}

async function isSigned(
  task: MarketMessages["auction.opened"]["opening"]["task"],
  terms: Terms,
  nowMs: number,
): Promise<boolean> {
  try {
    await checkOrder(terms.domain, task, nowMs);
    return true;
  } catch (error) {
    if (!(error instanceof StoaError)) throw error;
    return false;
  }
}
