import type { Address } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { submitItems, type Submission } from "./submit-items.ts";
import type { SettlementEvidence } from "./to-settlement.ts";

/**
 * Sends a batch of settlements in one transaction. Orders the vault has settled already are left out, and so are those
 * a simulation shows it would refuse: sending the same batch again after an unknown outcome pays nothing twice.
 * Whether they settled is the watcher's to tell.
 * @throws {StoaError} `chain_unavailable` when the chain is away; with `details.txHash` when it may have taken the batch
 */
export function submitSettlements(
  sender: ChainSender,
  vault: Address,
  items: readonly SettlementEvidence[],
): Promise<Submission> {
  return submitItems(sender, vault, items, "settle");
}
