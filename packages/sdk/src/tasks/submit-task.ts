import type { SubmittedTask } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";
import { signRequest, type SubmitTaskRequest } from "./sign-request.ts";

/**
 * Builds and signs an order, and submits it with its input. A lost answer is asked for again: the same order is one task.
 * @throws {StoaError} `invalid_price`, `invalid_deadline`, and what the market says: `unknown_capability`,
 * `input_mismatch`, `insufficient_funds`, …
 * @example
 * const { taskId } = await client.tasks.submit({ capability: "text.summarize", input: { text }, maxPrice: 50_000n, signer });
 */
export async function submitTask(connection: Connection, request: SubmitTaskRequest): Promise<SubmittedTask> {
  const body = await signRequest(await connection.terms(), request, connection.nextNonce());
  return requestJson(connection, "/tasks", { method: "POST", body, repeatable: true });
}
