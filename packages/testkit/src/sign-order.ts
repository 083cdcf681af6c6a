import { randomBytes } from "node:crypto";
import type { MarketTerms } from "@stoa/market";
import {
  type Address,
  canonicalJson,
  hashJson,
  IN_THE_CLEAR,
  type Json,
  type Order,
  type SessionKey,
  signTyped,
  taskHash,
  type TaskSpec,
} from "@stoa/protocol";
import type { LocalAccount } from "viem/accounts";

/** What an order differs in from the plain one. */
export interface OrderPlan {
  maxPrice?: bigint;
  input?: Json;
  spec?: Partial<TaskSpec>;
  order?: Partial<Order>;
  /** Signs in the requester's name, under the limits its wallet signed. */
  session?: { key: LocalAccount; limits?: Partial<SessionKey>; signer?: LocalAccount };
  /** Signs instead of the requester. */
  signer?: LocalAccount;
}

interface OrderPlace {
  terms: MarketTerms;
  operator: Address;
  capability: string;
  /** Epoch milliseconds. */
  now: number;
}

/** A task's order and input, signed as its requester would, ready to submit. */
export async function signOrder(requester: LocalAccount, plan: OrderPlan, place: OrderPlace) {
  const { terms, operator, capability } = place;
  const input = plan.input ?? { text: "some text" };
  const spec: TaskSpec = {
    capability,
    inputHash: hashJson(input),
    startBySeconds: 30,
    verification: { policy: "approval" },
    ...plan.spec,
  };
  const now = BigInt(Math.floor(place.now / 1_000));
  const order: Order = {
    requester: requester.address,
    operator,
    token: terms.token,
    taskHash: taskHash(spec),
    maxPrice: plan.maxPrice ?? 100_000n,
    feeCapBps: terms.feeBps,
    royaltyCap: 10_000n,
    deliverBy: now + 600n,
    settleBy: now + 3_000n,
    nonce: BigInt(`0x${randomBytes(16).toString("hex")}`),
    resultKey: IN_THE_CLEAR,
    ...plan.order,
  };
  const signer = plan.signer ?? plan.session?.key ?? requester;
  return {
    order,
    signature: await signTyped(signer, terms.domain, "Order", order),
    session: plan.session && (await signSession(requester, plan.session, terms, order)),
    spec,
    input,
    inputBytes: Buffer.byteLength(canonicalJson(input)),
  };
}

async function signSession(
  requester: LocalAccount,
  { key, limits, signer }: NonNullable<OrderPlan["session"]>,
  terms: MarketTerms,
  order: Order,
) {
  const grant: SessionKey = {
    wallet: requester.address,
    key: key.address,
    token: terms.token,
    maxPerOrder: 1_000_000n,
    maxTotal: 10_000_000n,
    expiresAt: order.settleBy + 600n,
    nonce: 1n,
    ...limits,
  };
  return { key: grant, signature: await signTyped(signer ?? requester, terms.domain, "SessionKey", grant) };
}
