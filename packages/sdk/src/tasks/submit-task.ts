import {
  encodeTyped,
  parseAddress,
  type SessionGrant,
  type Signer,
  signTyped,
  type SubmittedTask,
  type SubmitTask,
} from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";
import { signingDomain } from "../market/signing-domain.ts";
import { buildOrder, type TaskRequest } from "./build-order.ts";
import { randomNonce } from "./random-nonce.ts";

export interface SubmitTaskRequest extends TaskRequest {
  /** The requester's wallet, or the session key it authorised. */
  signer: Signer;
  /** The wallet's authorisation when `signer` is a session key. */
  session?: SessionGrant;
}

/**
 * Builds and signs an order, and submits it with its input. A lost answer is asked for again: the same order is one task.
 * @throws {StoaError} `invalid_price`, `invalid_deadline`, and what the market says: `unknown_capability`,
 * `input_mismatch`, `insufficient_funds`, …
 * @example
 * const { taskId } = await client.tasks.submit({ capability: "text.summarize", input: { text }, maxPrice: 50_000n, signer });
 */
export async function submitTask(connection: Connection, request: SubmitTaskRequest): Promise<SubmittedTask> {
  const { signer, session, input } = request;
  const info = await connection.terms();
  const { spec, order } = buildOrder(info, request, {
    requester: session ? parseAddress(session.key.wallet) : signer.address,
    now: Date.now(),
    nonce: randomNonce(),
    ...(session ? { signableUntil: BigInt(session.key.expiresAt) } : {}),
  });
  const signature = await signTyped(signer, signingDomain(info), "Order", order);
  const body: SubmitTask = {
    order: encodeTyped("Order", order),
    signature,
    spec,
    input,
    ...(session ? { session } : {}),
  };
  return requestJson(connection, "/tasks", { method: "POST", body, repeatable: true });
}
