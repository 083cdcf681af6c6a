import type { Address } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { joinSubmissions } from "./join-submissions.ts";
import { type Postable, postClaims } from "./post-claims.ts";
import { submitItems, type Submission } from "./submit-items.ts";
import { toClaimedOrder } from "./to-claimed-order.ts";
import type { SettlementEvidence } from "./to-settlement.ts";
import { vaultParameters } from "./vault-parameters.ts";

/**
 * Claims delivered orders nobody accepted; each becomes payable after the challenge window. They are posted as one batch,
 * in one transaction, but for those that are claimed alone: orders of session keys, and orders that settle so soon that a
 * withdrawal could come before a batch's payment. Orders that are settled or claimed already are left out as done.
 * @throws {StoaError} `chain_unavailable` when the chain is away; with `details.txHash` when it may have taken the batch
 */
export async function submitClaims(
  sender: ChainSender,
  vault: Address,
  items: readonly SettlementEvidence[],
): Promise<Submission> {
  const { challengeWindow } = await vaultParameters(sender.chain, vault);
  const { timestamp } = await sender.chain.client.getBlock({ blockTag: "latest" });
  // A withdrawal asked for after the order cannot end before `settleBy` and a window: a window is left to pay in.
  const latest = timestamp + BigInt(challengeWindow);
  const [posted, alone]: [Postable[], SettlementEvidence[]] = [[], []];
  for (const evidence of items) {
    const { operator, settleBy } = evidence.order;
    const item = settleBy >= latest ? toClaimedOrder(evidence, operator === sender.address) : null;
    if (item) posted.push({ evidence, item });
    else alone.push(evidence);
  }
  return joinSubmissions([
    await postClaims(sender, vault, posted),
    ...(alone.length > 0 ? [await submitItems(sender, vault, alone, "claim")] : []),
  ]);
}
