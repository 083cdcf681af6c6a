import { type Hash, hashJson, type MarketMessages, requireSigner, type RoundOpening, StoaError } from "@stoa/protocol";
import type { Terms } from "../terms.ts";

/**
 * Checks that a round was opened by this market's operator, and that this node was asked.
 * @returns the opening and the round's id
 * @throws {StoaError} `wrong_hash`, `wrong_signature`, `invalid_order` or `not_announced`
 */
export async function checkOpening(
  message: MarketMessages["round.opened"],
  terms: Terms,
): Promise<{ roundId: Hash; opening: RoundOpening }> {
  const { opening, roundId } = message;
  const actual = hashJson(opening);
  if (actual !== roundId) throw new StoaError("wrong_hash", `the opening's hash is ${actual}, expected ${roundId}`);
  const { chainId, vault } = opening.domain;
  if (chainId !== terms.domain.chainId || vault.toLowerCase() !== terms.domain.vault.toLowerCase()) {
    throw new StoaError(
      "invalid_order",
      `the round is of chain ${chainId} and vault ${vault}, expected ${terms.domain.chainId} and ${terms.domain.vault}`,
    );
  }
  if (!opening.asked.some(({ node }) => node.toLowerCase() === terms.node.toLowerCase())) {
    throw new StoaError("not_announced", `round ${roundId} does not ask this node`);
  }
  await requireSigner(terms.domain, "Opening", { roundId }, message.signature, terms.operator);
  return { roundId, opening };
}
