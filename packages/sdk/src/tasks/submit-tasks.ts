import { MAX_BATCH_ITEMS, type SubmittedTasks, type SubmitTask, type SubmitTasks } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";
import { signRequest, type SubmitTaskRequest } from "./sign-request.ts";

/**
 * Builds, signs and submits many orders, by as few requests as carry them. Each stands by itself: one that is refused
 * has its problem in its place.
 * @returns in the order given, a task's id or why there is none
 * @throws {StoaError} `invalid_price`, `invalid_deadline` before anything is sent
 * @example
 * const results = await client.tasks.submitMany(texts.map((text) => ({ capability, input: { text }, maxPrice, signer })));
 */
export async function submitTasks(
  connection: Connection,
  requests: readonly SubmitTaskRequest[],
): Promise<SubmittedTasks["results"]> {
  const info = await connection.terms();
  const tasks: SubmitTask[] = [];
  for (const request of requests) tasks.push(await signRequest(info, request, connection.nextNonce()));
  const results: SubmittedTasks["results"] = [];
  for (let at = 0; at < tasks.length; at += MAX_BATCH_ITEMS) {
    const body: SubmitTasks = { tasks: tasks.slice(at, at + MAX_BATCH_ITEMS) };
    const answer = await requestJson<SubmittedTasks>(connection, "/tasks/batch", {
      method: "POST",
      body,
      repeatable: true,
    });
    results.push(...answer.results);
  }
  return results;
}
