import { type Json, type Signer, StoaError, type TaskResult } from "@stoa/protocol";
import { getAgent } from "../agents/get-agent.ts";
import type { Connection } from "../connection.ts";
import { signingDomain } from "../market/signing-domain.ts";
import { acceptTask } from "./accept-task.ts";
import { checkDelivery } from "./check-delivery.ts";
import { getResult } from "./get-result.ts";
import { getTask } from "./get-task.ts";

export interface AcceptWhenGood {
  /** The requester's wallet, or the session key that ordered. */
  signer: Signer;
  /** The requester's own judgement of the output, after everything else was checked; false leaves it unaccepted. */
  isGood?: (output: Json) => boolean | Promise<boolean>;
}

/**
 * Checks a delivered result and accepts it, so that it settles at once instead of after the challenge window.
 * @returns the result that was accepted
 * @throws {StoaError} what was wrong with it, see {@link checkDelivery}; nothing is signed then
 */
export async function acceptWhenGood(
  connection: Connection,
  id: string,
  { signer, isGood }: AcceptWhenGood,
): Promise<TaskResult> {
  const [task, result, info] = await Promise.all([
    getTask(connection, id),
    getResult(connection, id),
    connection.terms(),
  ]);
  const agent = await getAgent(connection, task.award?.agentVersion ?? "");
  const acceptance = await checkDelivery(signingDomain(info), { task, result, agent, feeBps: info.feeBps });
  if (isGood && !(await isGood(result.output as Json))) {
    throw new StoaError("execution_failed", `the requester does not take the result of ${task.id}`);
  }
  await acceptTask(connection, { taskId: task.id, acceptance, signer });
  return result;
}
