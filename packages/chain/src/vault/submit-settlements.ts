import { type Address, type Hash, hashTyped } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { findPostedClaims, type PostedBatch } from "./find-posted-claims.ts";
import { joinSubmissions } from "./join-submissions.ts";
import { orderStatus } from "./order-status.ts";
import { settlePosted } from "./settle-posted.ts";
import { submitItems, type Submission } from "./submit-items.ts";
import type { SettlementEvidence } from "./to-settlement.ts";
import { vaultParameters } from "./vault-parameters.ts";

/**
 * Sends a batch of settlements in one transaction, and the posted claims among them in another for each batch they were
 * claimed in. Orders the vault has settled already are left out, and so are those a simulation shows it would refuse:
 * sending the same batch again after an unknown outcome pays nothing twice.
 * Whether they settled is the watcher's to tell.
 * @throws {StoaError} `chain_unavailable` when the chain is away; with `details.txHash` when it may have taken the batch
 */
export async function submitSettlements(
  sender: ChainSender,
  vault: Address,
  items: readonly SettlementEvidence[],
): Promise<Submission> {
  const domain = { chainId: sender.chain.chainId, vault };
  const posted = await postedAmong(sender, vault, items);
  const others = items.filter(({ order }) => !posted.has(hashTyped(domain, "Order", order)));
  return joinSubmissions([
    await settlePosted(sender, vault, posted),
    ...(others.length > 0 ? [await submitItems(sender, vault, others, "settle")] : []),
  ]);
}

/** The batches of those that nobody accepted and that have no claim of their own: what was challenged has one. */
async function postedAmong(
  { chain }: ChainSender,
  vault: Address,
  items: readonly SettlementEvidence[],
): Promise<Map<Hash, PostedBatch>> {
  const orders: { orderHash: Hash; settleBy: number }[] = [];
  for (const { order, acceptanceSignature } of items) {
    if (acceptanceSignature !== null) continue;
    if ((await orderStatus(chain, vault, order, "pending")).state !== "none") continue;
    const orderHash = hashTyped({ chainId: chain.chainId, vault }, "Order", order);
    orders.push({ orderHash, settleBy: Number(order.settleBy) });
  }
  if (orders.length === 0) return new Map();
  const { withdrawDelay, challengeWindow } = await vaultParameters(chain, vault);
  // An order is only admitted when it settles, window included, within a withdrawal's delay: it is not older.
  const since = Math.min(...orders.map(({ settleBy }) => settleBy)) + challengeWindow - withdrawDelay;
  return findPostedClaims(chain, vault, { orderHashes: orders.map(({ orderHash }) => orderHash), since });
}
