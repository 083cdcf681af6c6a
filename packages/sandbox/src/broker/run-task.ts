import { agentLimits, type Json, MAX_AMOUNT } from "@stoa/protocol";
import { GrantRefusal } from "./grant-refusal.ts";

/** What an agent asks another to do. */
export interface TaskCall {
  capability: string;
  input: Json;
  /** The most it may cost, fee included, in the token's smallest unit. */
  maxPrice: bigint;
  timeoutMs: number;
}

/**
 * Has a task done by whoever the market gives it to.
 * @returns its output, and what it cost in the token's smallest unit
 * @throws {GrantRefusal} why it came to nothing; the agent may go on
 */
export type RunTask = (call: TaskCall, signal: AbortSignal) => Promise<{ output: Json; price: bigint }>;

const DEFAULT_TIMEOUT_MS = 60_000;
const DECIMAL = /^[1-9][0-9]{0,18}$/;

/** Checks what an agent asks for against what its manifest names, and has it done. */
export async function runTaskFor(
  params: Json,
  capabilities: readonly string[],
  runTask: RunTask | undefined,
  signal: AbortSignal,
): Promise<Json> {
  const call = readCall(params);
  if (!capabilities.includes(call.capability))
    throw new GrantRefusal(`${call.capability} is not granted; the manifest names ${capabilities.join(", ")}`);
  if (!runTask) throw new GrantRefusal("the task has no budget for sub-tasks");
  const { output, price } = await runTask(call, signal);
  return { output, price: price.toString() };
}

function readCall(params: Json): TaskCall {
  const isObject = typeof params === "object" && params !== null && !Array.isArray(params);
  const given = (isObject ? params : {}) as Record<string, Json>;
  const { capability, input, maxPrice, timeoutMs = DEFAULT_TIMEOUT_MS } = given;
  if (typeof capability !== "string") throw new GrantRefusal("capability must be text");
  if (input === undefined) throw new GrantRefusal("input must be given");
  if (typeof maxPrice !== "string" || !DECIMAL.test(maxPrice) || BigInt(maxPrice) > MAX_AMOUNT)
    throw new GrantRefusal("maxPrice must be text with an integer above zero, of the token's smallest unit");
  if (typeof timeoutMs !== "number" || !(timeoutMs >= 1_000 && timeoutMs <= agentLimits.timeMs))
    throw new GrantRefusal(`timeoutMs must be from 1,000 to ${agentLimits.timeMs}`);
  return { capability, input, maxPrice: BigInt(maxPrice), timeoutMs };
}
