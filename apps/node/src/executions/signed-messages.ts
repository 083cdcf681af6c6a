import { encodeTyped, type Hash, hashJson, type NodeMessages, signTyped, type StoaError } from "@stoa/protocol";
import type { ExecutionOutcome } from "@stoa/sandbox";
import type { Terms } from "../terms.ts";

type Signing = Pick<Terms, "signer" | "domain">;

/** A node's signed word that it turns an award down, and why. */
export async function refusal(
  { signer, domain }: Signing,
  { taskId, awardHash }: { taskId: Hash; awardHash: Hash },
  error: StoaError,
): Promise<NodeMessages["refused"]> {
  const reason = `${error.code}: ${error.message}`.slice(0, 1_000);
  const message = { awardHash, reasonHash: hashJson(reason) };
  const signature = await signTyped(signer, domain, "Refusal", message);
  return { type: "refused", taskId, refusal: encodeTyped("Refusal", message), signature, reason };
}

/** A node's signed result. */
export async function delivery(
  { signer, domain }: Signing,
  { awardHash, ...of }: { taskId: Hash; executionId: string; awardHash: Hash },
  { output, stats }: ExecutionOutcome & { status: "ok" },
): Promise<NodeMessages["delivered"]> {
  const receipt = { awardHash, resultHash: hashJson(output) };
  const signature = await signTyped(signer, domain, "Receipt", receipt);
  return { type: "delivered", ...of, output, receipt: encodeTyped("Receipt", receipt), signature, stats };
}
