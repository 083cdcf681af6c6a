import { isTooDeep, type Json } from "@stoa/protocol";
import type { Broker } from "./create-broker.ts";
import { GrantRefusal } from "./grant-refusal.ts";
import type { RunTask } from "./run-task.ts";

/** Has the broker answer a call whose parameters are untrusted text; a refusal is an answer, too. */
export async function answerCall(
  broker: Broker,
  method: string,
  json: string,
  signal: AbortSignal,
  runTask: RunTask | undefined,
): Promise<{ ok: boolean; json: string }> {
  try {
    let params: Json;
    try {
      params = JSON.parse(json) as Json;
    } catch {
      throw new GrantRefusal("the parameters are not JSON");
    }
    if (isTooDeep(params)) throw new GrantRefusal("the parameters are nested too deep");
    return { ok: true, json: JSON.stringify(await broker.call(method, params, signal, runTask)) };
  } catch (error) {
    if (error instanceof GrantRefusal) return { ok: false, json: error.message };
    throw error;
  }
}
