import {
  encodeTyped,
  type MarketInfo,
  parseAddress,
  type SessionGrant,
  type Signer,
  signTyped,
  type SubmitTask,
} from "@stoa/protocol";
import { signingDomain } from "../market/signing-domain.ts";
import { buildOrder, type TaskRequest } from "./build-order.ts";

export interface SubmitTaskRequest extends TaskRequest {
  /** The requester's wallet, or the session key it authorised. */
  signer: Signer;
  /** The wallet's authorisation when `signer` is a session key. */
  session?: SessionGrant;
}

/**
 * Builds a request's order and signs it.
 * @param nonce one that no order of the requester has
 * @throws {StoaError} `invalid_price`, `invalid_deadline`
 */
export async function signRequest(info: MarketInfo, request: SubmitTaskRequest, nonce: bigint): Promise<SubmitTask> {
  const { signer, session, input } = request;
  const { spec, order } = buildOrder(info, request, {
    requester: session ? parseAddress(session.key.wallet) : signer.address,
    now: Date.now(),
    nonce,
    ...(session ? { signableUntil: BigInt(session.key.expiresAt) } : {}),
  });
  return {
    order: encodeTyped("Order", order),
    signature: await signTyped(signer, signingDomain(info), "Order", order),
    spec,
    input,
    ...(session ? { session } : {}),
  };
}
