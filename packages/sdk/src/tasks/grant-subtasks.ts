import {
  encodeTyped,
  parseAddress,
  type SessionKey,
  type Signer,
  signTyped,
  StoaError,
  type Task,
} from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";
import { signingDomain } from "../market/signing-domain.ts";
import { getTask } from "./get-task.ts";
import { randomNonce } from "./random-nonce.ts";

/**
 * Lets the key of the node that has a task order under it, within the budget the task was ordered with and no longer than
 * the task's own order lasts. An agent that orders waits for this; whoever has the task next needs another one.
 * @throws {StoaError} `wrong_state` when the task has no such budget, or no node
 */
export async function grantSubtasks(connection: Connection, id: string, { signer }: { signer: Signer }): Promise<Task> {
  const [task, info] = await Promise.all([getTask(connection, id), connection.terms()]);
  const budget = task.spec.subtasks?.budget;
  if (budget === undefined || !task.award)
    throw new StoaError(
      "wrong_state",
      `the task ${task.id} has ${budget === undefined ? "no budget for sub-tasks" : "no node yet"}`,
    );
  const key: SessionKey = {
    wallet: signer.address,
    key: parseAddress(task.award.node),
    token: parseAddress(info.token.address),
    maxPerOrder: BigInt(budget),
    maxTotal: BigInt(budget),
    expiresAt: BigInt(task.order.settleBy),
    nonce: randomNonce(),
  };
  const signature = await signTyped(signer, signingDomain(info), "SessionKey", key);
  const body = { session: { key: encodeTyped("SessionKey", key), signature } };
  return requestJson(connection, `/tasks/${task.id}/subtask-grant`, { method: "POST", body, repeatable: true });
}
