import { type Address, decodeTyped, encodeTyped, requireSigner, StoaError, type TaskId } from "@stoa/protocol";
import { findTask, listAwardsOfTask } from "@stoa/store";
import type { MarketContext } from "../context.ts";
import type { SessionGrantInput } from "../tasks/check-order-signature.ts";

export interface GrantSubtasks {
  taskId: TaskId;
  requester: Address;
  /** What the requester's wallet signed for the key of the node that has the task. */
  session: SessionGrantInput;
}

/**
 * Takes a requester's word that the node which has its task may order under it, within the budget the task was ordered
 * with. Said again for the same node, it changes nothing.
 * @throws {StoaError} `not_found`, `forbidden`, `wrong_state` without a budget or an award, `wrong_signature`,
 * `session_key_limit` when it says another budget, or ends before the task's own order
 */
export async function grantSubtasks(
  context: MarketContext,
  { taskId, requester, session }: GrantSubtasks,
): Promise<void> {
  const { key } = session;
  const task = await findTask(context.database, taskId);
  if (!task) throw new StoaError("not_found", `there is no task ${taskId}`);
  if (task.requester !== requester) throw new StoaError("forbidden", `the task ${taskId} is not ${requester}'s`);
  const budget = task.spec.subtasks?.budget;
  if (budget === undefined) throw new StoaError("wrong_state", `the task ${taskId} has no budget for sub-tasks`);
  const { settleBy } = decodeTyped("Order", task.order);
  if (key.wallet !== requester)
    throw new StoaError("wrong_signature", `the grant acts for ${key.wallet}, the task is ${requester}'s`);
  if (key.token !== context.terms.token || key.maxTotal !== BigInt(budget) || key.expiresAt < settleBy) {
    throw new StoaError(
      "session_key_limit",
      `the grant is for ${key.maxTotal} of ${key.token} until ${key.expiresAt}, expected ${budget} of ${context.terms.token} until ${settleBy}`,
    );
  }
  await requireSigner(context.terms.domain, "SessionKey", key, session.signature, requester);
  const node = (await listAwardsOfTask(context.database, taskId)).find(({ hash }) => hash === task.awardHash)?.node;
  let isGranted = false;
  return context.lane.run({
    name: "grant-subtasks",
    tasks: [taskId],
    owns: [`budget:${taskId}`],
    async load(tx) {
      const grants = await tx.query("select 1 from subtask_grants where task_id = $1 and node = $2", [taskId, key.key]);
      isGranted = grants.length > 0;
    },
    decide(set) {
      const current = set.task(taskId);
      const award = current.awardHash === null ? undefined : set.award(current.awardHash);
      if (!award || !["awarded", "running"].includes(current.state))
        throw new StoaError("wrong_state", `the task ${taskId} is ${current.state}: no node runs it`);
      if (award.node !== key.key || award.node !== node)
        throw new StoaError("wrong_state", `the grant is for ${key.key}, the task is with ${award.node} now`);
      if (isGranted) return;
      const grant = { key: encodeTyped("SessionKey", key), signature: session.signature };
      set.defer((tx) =>
        tx.query(
          "insert into subtask_grants (task_id, node, session, granted_at) values ($1, $2, $3::jsonb, $4::timestamptz)",
          [taskId, key.key, JSON.stringify(grant), new Date(set.now).toISOString()],
        ),
      );
      set.emit({
        type: "task.subtasks_granted",
        audience: requester,
        data: { taskId, node: award.node, budget },
      });
    },
  });
}
