import { isAtRest, platformFee } from "@stoa/core";
import type { Address, EventRecord, Hash, Json, MarketMessage, NodeId, TaskId, TaskState } from "@stoa/protocol";
import { StoaError, taskStates, type WireTyped, type Signature } from "@stoa/protocol";
import type { TaskOutcome, WireSession } from "@stoa/store";
import type { EffectContext } from "./effect-context.ts";
import { repeat, type Repeated } from "./repeat.ts";

/** How often budgets are looked at whose tasks are over, and sub-tasks nobody waits for any more. */
const EVERY_MS = 1_000;
const AT_ONCE = 200;

type SubtasksContext = Pick<EffectContext, "database" | "market" | "hub" | "objects" | "log" | "signal">;

/** Tells nodes what became of what their agents ordered, and tidies up behind tasks that are over. */
export interface Subtasks extends Pick<Repeated, "ended"> {
  /** Sends a node its grants, and every sub-task of its running tasks that is over: it may have missed some of it. */
  resend(node: Address): Promise<void>;
  /** Tells the node of a running task what became of a sub-task, if it is over. */
  tell(subtaskId: TaskId): Promise<void>;
}

/**
 * Follows the event log of this process. What a node is told stands in the database and is told again when it connects;
 * a node ignores what it does not wait for.
 */
export function runSubtasks(context: SubtasksContext): Subtasks {
  const { market, hub, log, signal } = context;
  /** Sub-tasks this process saw opened. */
  const known = new Set<Hash>();
  const effect = repeat({ name: "subtasks", everyMs: EVERY_MS, ...context }, async () => {
    for (const subtask of await unwanted(context)) await cancel(context, subtask);
    for (const budget of await overBudgets(context)) await market.closeSubtaskBudget(budget);
  });

  async function tell(subtaskId: TaskId): Promise<void> {
    for (const { node, ...outcome } of await outcomes(context, { subtaskId })) {
      const message = await messageOf(context, outcome);
      if (message) hub.send(node, message);
    }
  }

  async function sendGrants(node: Address, taskId: Hash | null): Promise<void> {
    const grants = await context.database.query<{ taskId: Hash; session: WireSession }>(
      `select subtask_grants.task_id as "taskId", subtask_grants.session from subtask_grants
         join tasks on tasks.id = subtask_grants.task_id join awards on awards.hash = award_hash
        where subtask_grants.node = $1 and awards.node = $1 and tasks.state in ('awarded', 'running')
          and ($2::text is null or tasks.id = $2)`,
      [node, taskId],
    );
    for (const grant of grants) hub.send(node as NodeId, { type: "subtasks.granted", ...grant });
  }

  function onEvents(events: readonly EventRecord[]): void {
    for (const event of events) {
      const data = event.data as { taskId?: Hash; subtaskId?: Hash; node?: Address };
      if (event.type === "task.subtask_opened" && data.subtaskId) known.add(data.subtaskId);
      if (event.type === "task.subtasks_granted" && data.node && data.taskId)
        track(sendGrants(data.node, data.taskId), "a grant for sub-tasks could not be sent");
      if (data.taskId && known.has(data.taskId) && ENDS.has(event.type)) {
        if (event.type !== "task.delivered") known.delete(data.taskId);
        track(tell(data.taskId as TaskId), "the result of a sub-task could not be sent");
      }
    }
  }

  /** What is not sent now is sent when the node comes back, or when its agent's deadline has it run again. */
  function track(sending: Promise<void>, failure: string): void {
    sending.catch((error: unknown) => log.error({ err: error }, failure));
  }

  const unsubscribe = market.events.onAppended(onEvents);
  signal.addEventListener("abort", unsubscribe, { once: true });
  return {
    ended: effect.ended,
    tell,
    async resend(node) {
      await sendGrants(node, null);
      for (const { node: _, ...outcome } of await outcomes(context, { node })) {
        known.add(outcome.taskId);
        const message = await messageOf(context, outcome);
        if (message) hub.send(node as NodeId, message);
      }
    },
  };
}

/** States in which a task holds no money any more. */
const AT_REST = taskStates.filter(isAtRest);
const ENDS = new Set(["task.delivered", "task.cancelled", "task.expired", "task.failed", "task.dead"]);

interface SubtaskOutcome {
  parentId: Hash;
  taskId: TaskId;
  state: TaskState;
  outcome: TaskOutcome | null;
  resultHash: Hash | null;
  receiptSignature: Signature | null;
  award: WireTyped<"Award"> | null;
  awardHash: Hash | null;
  price: bigint | null;
  operatorSignature: Signature | null;
}

/** Sub-tasks of running tasks with the node that runs them: one, or all of a node's. */
function outcomes(
  { database }: SubtasksContext,
  { subtaskId = null, node = null }: { subtaskId?: TaskId | null; node?: Address | null },
): Promise<(SubtaskOutcome & { node: NodeId })[]> {
  return database.query(
    `select parents.id as "parentId", running.node, subtasks.id as "taskId", subtasks.state, subtasks.outcome,
            subtasks.result ->> 'hash' as "resultHash", subtasks.result ->> 'receiptSignature' as "receiptSignature",
            awards.terms as award, awards.hash as "awardHash", awards.price, awards.operator_signature as "operatorSignature"
       from budget_tasks
       join tasks as subtasks on subtasks.id = budget_tasks.task_id
       join tasks as parents on parents.id = budget_of
       join awards as running on running.hash = parents.award_hash
       left join awards on awards.hash = subtasks.award_hash
      where parents.state = 'running' and ($1::text is null or budget_tasks.task_id = $1)
        and ($2::text is null or running.node = $2)`,
    [subtaskId, node],
  );
}

async function messageOf({ market, objects }: SubtasksContext, outcome: SubtaskOutcome): Promise<MarketMessage | null> {
  const { parentId, taskId, state, resultHash, award, awardHash, operatorSignature, receiptSignature, price } = outcome;
  if (resultHash && award && awardHash && operatorSignature && receiptSignature && price !== null) {
    return {
      type: "subtask.delivered",
      parentId,
      taskId,
      output: JSON.parse(new TextDecoder().decode(await objects.get(resultHash))) as Json,
      award,
      operatorSignature,
      receipt: { awardHash, resultHash },
      receiptSignature,
      charge: (price + platformFee(price, market.terms.feeBps)).toString(),
    };
  }
  if (outcome.outcome?.kind !== "unpaid") return null;
  const { reason, message } = outcome.outcome;
  return { type: "subtask.ended", parentId, taskId, state, reason, message };
}

/** Open sub-tasks whose task is over, or with another node than the one that ordered them. */
function unwanted({ database }: SubtasksContext): Promise<{ taskId: TaskId; requester: Address }[]> {
  return database.query(
    `select subtasks.id as "taskId", subtasks.requester
       from subtask_budgets
       join budget_tasks on budget_of = subtask_budgets.task_id
       join tasks as subtasks on subtasks.id = budget_tasks.task_id and subtasks.state = 'open'
       join tasks as parents on parents.id = subtask_budgets.task_id
       join orders on orders.task_id = subtasks.id
       left join awards on awards.hash = parents.award_hash
      where open and (parents.state <> 'running' or awards.node <> orders.session -> 'key' ->> 'key')
      limit ${AT_ONCE}`,
  );
}

/** Budgets whose tasks are over, and of which something can be freed, or nothing is held any more. */
function overBudgets({ database }: SubtasksContext): Promise<{ taskId: TaskId; requester: Address }[]> {
  return database.query(
    `select subtask_budgets.task_id as "taskId", subtask_budgets.requester
       from subtask_budgets join tasks on tasks.id = subtask_budgets.task_id
      where open and tasks.state = any($1::text[])
        and (exists (select 1 from balances where amount > 0
                        and account = 'earmarked:' || subtask_budgets.requester || '/' || subtask_budgets.task_id)
             or not exists (select 1 from budget_tasks join tasks as subtasks on subtasks.id = budget_tasks.task_id
                             where budget_of = subtask_budgets.task_id and subtasks.state <> all($1::text[])))
      order by subtask_budgets.opened_at limit ${AT_ONCE}`,
    [AT_REST],
  );
}

async function cancel({ market }: SubtasksContext, subtask: { taskId: TaskId; requester: Address }): Promise<void> {
  try {
    await market.cancelTask(subtask);
  } catch (error) {
    // A node has it by now: it is done and paid.
    if (!(error instanceof StoaError) || error.code !== "wrong_state") throw error;
  }
}
