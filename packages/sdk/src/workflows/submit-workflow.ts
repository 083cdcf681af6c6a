import { longestSeconds, workflowGraph } from "@stoa/core";
import {
  acceptanceOf,
  encodeTyped,
  type Hash,
  hashJson,
  type Json,
  type MarketInfo,
  parseAddress,
  type SessionKey,
  type Signer,
  signTyped,
  StoaError,
  type SubmittedWorkflow,
  type SubmitWorkflow,
  workflowNonce,
  type WorkflowSpec,
} from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";
import { signingDomain } from "../market/signing-domain.ts";
import { randomNonce } from "../tasks/random-nonce.ts";

export interface SubmitWorkflowRequest {
  spec: WorkflowSpec;
  /** The workflow's own input; an empty object unless said otherwise. */
  input?: Json;
  /** The most all steps together may cost, in the token's smallest unit. */
  budget: bigint;
  /** The requester's wallet. */
  signer: Signer;
}

/** Seconds beyond its longest way that a workflow's grant lasts, so that waiting for bids and for the runner costs no step. */
const MARGIN_SECONDS = 600;

/**
 * Submits a workflow: the wallet signs one grant for the market's runner, worth the budget, whose nonce is the hash of
 * the workflow. A lost answer is asked for again: the same grant is one workflow.
 * @throws {StoaError} `invalid_workflow`, and what the market says: `insufficient_funds`, `input_mismatch`, …
 * @example
 * const { workflowId } = await client.workflows.submit({ spec, input, budget: 150_000n, signer });
 */
export async function submitWorkflow(
  connection: Connection,
  { spec, input = {}, budget, signer }: SubmitWorkflowRequest,
): Promise<SubmittedWorkflow> {
  const info = await connection.terms();
  const salt: Hash = `0x${randomNonce().toString(16).padStart(64, "0")}`;
  const nonce = workflowNonce({ spec, inputHash: hashJson(input), salt });
  const key = grantOf(info, spec, { wallet: signer.address, budget, nonce, now: Date.now() });
  const signature = await signTyped(signer, signingDomain(info), "SessionKey", key);
  const body: SubmitWorkflow = { spec, input, salt, session: { key: encodeTyped("SessionKey", key), signature } };
  return requestJson(connection, "/workflows", { method: "POST", body, repeatable: true });
}

/** The least a grant must allow: the dearest step at once, the budget in all, until the last step can be settled. */
function grantOf(
  info: MarketInfo,
  spec: WorkflowSpec,
  { wallet, budget, nonce, now }: { wallet: SessionKey["wallet"]; budget: bigint; nonce: bigint; now: number },
): SessionKey {
  if (info.workflowRunner === undefined) throw new StoaError("invalid_workflow", "this market runs no workflows");
  const graph = workflowGraph(spec);
  if ("circle" in graph)
    throw new StoaError("invalid_workflow", `the steps wait in a circle: ${graph.circle.join(" → ")}`);
  const dearest = Object.values(spec.steps).reduce(
    (most, { maxPrice }) => (BigInt(maxPrice) > most ? BigInt(maxPrice) : most),
    0n,
  );
  const settling = info.approvalWindowSeconds + info.challengeWindowSeconds;
  // A step that its requester has to accept can stand until its claim is paid, and the next one waits for it.
  const isWaiting = Object.values(spec.steps).some((step) => acceptanceOf(spec, step) === "requester");
  const levels = isWaiting ? Math.max(...graph.levels.values()) + 1 : 1;
  const seconds = longestSeconds(spec, graph) + levels * settling + MARGIN_SECONDS;
  return {
    wallet,
    key: parseAddress(info.workflowRunner),
    token: parseAddress(info.token.address),
    maxPerOrder: dearest,
    maxTotal: budget,
    expiresAt: BigInt(Math.floor(now / 1_000) + seconds),
    nonce,
  };
}
