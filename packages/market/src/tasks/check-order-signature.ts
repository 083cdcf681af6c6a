import { type Order, recoverSigner, requireSigner, type SessionKey, type Signature, StoaError } from "@stoa/protocol";
import type { MarketTerms } from "../context.ts";

/** A session key with the wallet's signature that authorises it. */
export interface SessionGrantInput {
  key: SessionKey;
  signature: Signature;
}

/**
 * Checks that the requester's wallet, or a session key it authorised, signed the order. What a session key may spend
 * in total is checked where the other orders are known, in the lane.
 * @throws {StoaError} `wrong_signature`, `session_key_limit`
 */
export async function checkOrderSignature(
  order: Order,
  signature: Signature,
  session: SessionGrantInput | undefined,
  terms: MarketTerms,
): Promise<void> {
  if (!session) {
    await requireSigner(terms.domain, "Order", order, signature, order.requester);
    return;
  }
  const { key } = session;
  if (key.wallet !== order.requester) {
    throw new StoaError("wrong_signature", `the session key acts for ${key.wallet}, the order is ${order.requester}'s`);
  }
  await requireSigner(terms.domain, "SessionKey", key, session.signature, key.wallet);
  const signer = await recoverSigner(terms.domain, "Order", order, signature);
  if (signer !== key.key)
    throw new StoaError("wrong_signature", `the order is signed by ${signer}, the session key is ${key.key}`);
  checkSessionTerms(order, key);
}

function checkSessionTerms(order: Order, key: SessionKey): void {
  if (key.token !== order.token) {
    throw new StoaError(
      "session_key_limit",
      `the session key may spend ${key.token}, the order pays in ${order.token}`,
    );
  }
  if (order.maxPrice > key.maxPerOrder) {
    throw new StoaError(
      "session_key_limit",
      `the session key may order for ${key.maxPerOrder}, the maximum price is ${order.maxPrice}`,
    );
  }
  if (order.settleBy > key.expiresAt) {
    throw new StoaError(
      "session_key_limit",
      `the session key expires at ${key.expiresAt}, before the order's settleBy ${order.settleBy}`,
    );
  }
}
