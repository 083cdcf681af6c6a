import {
  decodeTyped,
  type Hash,
  hashTyped,
  type Order,
  requireSigner,
  type SessionGrant,
  type Signature,
  type SigningDomain,
  StoaError,
  taskHash,
  type TaskSpec,
  type WireTyped,
} from "@stoa/protocol";

/** An order as it comes over the wire. */
export interface WireOrder {
  orderHash: Hash;
  order: WireTyped<"Order">;
  signature: Signature;
  session?: SessionGrant | undefined;
  spec: TaskSpec;
}

async function requireSession(domain: SigningDomain, order: Order, grant: SessionGrant): Promise<`0x${string}`> {
  const key = decodeTyped("SessionKey", grant.key);
  const fits =
    key.wallet === order.requester &&
    key.token === order.token &&
    order.maxPrice <= key.maxPerOrder &&
    key.expiresAt >= order.settleBy;
  if (!fits)
    throw new StoaError(
      "session_key_limit",
      `the session key of ${key.wallet} does not cover the order of ${order.requester}`,
    );
  await requireSigner(domain, "SessionKey", key, grant.signature, order.requester);
  return key.key;
}

/**
 * Reads an order and checks that its id, its task and its requester's signature (or its session key's) belong together,
 * and that the vault would still pay for what is delivered in time.
 * @param nowMs epoch milliseconds
 * @throws {StoaError} `wrong_hash`, `wrong_signature`, `session_key_limit` or `invalid_deadline` naming what does not fit
 */
export async function checkOrder(domain: SigningDomain, wire: WireOrder, nowMs: number): Promise<Order> {
  const order = decodeTyped("Order", wire.order);
  const actual = hashTyped(domain, "Order", order);
  if (actual !== wire.orderHash)
    throw new StoaError("wrong_hash", `the order's hash is ${actual}, expected ${wire.orderHash}`);
  const task = taskHash(wire.spec);
  if (task !== order.taskHash)
    throw new StoaError("wrong_hash", `the task's hash is ${task}, the order was signed for ${order.taskHash}`);
  if (order.settleBy <= order.deliverBy || Number(order.settleBy) * 1_000 <= nowMs) {
    throw new StoaError(
      "invalid_deadline",
      `the order cannot be settled after ${order.settleBy}, its result is due at ${order.deliverBy}`,
    );
  }
  const signer = wire.session ? await requireSession(domain, order, wire.session) : order.requester;
  await requireSigner(domain, "Order", order, wire.signature, signer);
  return order;
}
