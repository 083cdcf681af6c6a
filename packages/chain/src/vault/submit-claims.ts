import type { Address } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { submitItems, type Submission } from "./submit-items.ts";
import type { SettlementEvidence } from "./to-settlement.ts";

/**
 * Claims delivered orders nobody accepted, in one transaction; each becomes payable after the challenge window.
 * Orders that are settled or claimed already are left out as done.
 * @throws {StoaError} `chain_unavailable` when the chain is away; with `details.txHash` when it may have taken the batch
 */
export function submitClaims(
  sender: ChainSender,
  vault: Address,
  items: readonly SettlementEvidence[],
): Promise<Submission> {
  return submitItems(sender, vault, items, "claim");
}
