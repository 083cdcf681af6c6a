import type { AgentContext } from "./agent-context.ts";
import type { Json } from "./json.ts";

/** What another agent is to do. */
export interface RunTaskRequest {
  /** One that the manifest's `grants.subtasks` names. */
  capability: string;
  input: Json;
  /** The most it may cost, platform fee included, in the token's smallest unit. */
  maxPrice: bigint | string;
  /** How long it is waited for; a minute when absent. The agent's own time limit goes on meanwhile. */
  timeoutMs?: number;
}

export interface TaskDone {
  output: Json;
  /** What it cost the task's requester, in the token's smallest unit. */
  price: bigint;
}

/**
 * Has a task done by another agent, paid from what this task's requester set aside for that. Needs the grant `subtasks`;
 * throws why it came to nothing: no budget, too little left of it, no taker, a failure.
 * @example
 * const { output } = await runTask(ctx, { capability: "text.language", input: { text }, maxPrice: "20000" });
 */
export async function runTask(context: Pick<AgentContext, "call">, request: RunTaskRequest): Promise<TaskDone> {
  const { capability, input, maxPrice, timeoutMs } = request;
  const params = { capability, input, maxPrice: String(maxPrice), ...(timeoutMs === undefined ? {} : { timeoutMs }) };
  const done = (await context.call("task.run", params)) as unknown as { output: Json; price: string };
  return { output: done.output, price: BigInt(done.price) };
}
