import { earmarked, holdPosting } from "@stoa/core";
import {
  type Address,
  decodeTyped,
  hashTyped,
  type Hash,
  type Json,
  limits,
  type Manifest,
  type Order,
  type Signature,
  StoaError,
  type TaskId,
  type TaskSpec,
} from "@stoa/protocol";
import { findAgent, findTask, insertBudgetTask, type Queryable, type TaskRecord, type WireSession } from "@stoa/store";
import type { MarketContext } from "../context.ts";
import type { Operation } from "../lane/operation.ts";
import type { WorkingSet } from "../lane/working-set.ts";
import { isWithdrawing } from "../money/is-withdrawing.ts";
import { checkInput } from "../tasks/check-input.ts";
import { checkOrder } from "../tasks/check-order.ts";
import { checkOrderSignature } from "../tasks/check-order-signature.ts";
import { requireAwardOf } from "../tasks/require-award-of.ts";
import { checkRevocations, openIn, type SubmitTask } from "../tasks/submit-task.ts";

export interface SubmitSubtask {
  parentId: TaskId;
  /** The node that runs the parent; its key signed the order. */
  node: Address;
  order: Order;
  signature: Signature;
  spec: TaskSpec;
  input: Json;
  inputBytes: number;
}

/** What was ordered under the task before, by the number of its order. */
type Ordered = Map<string, { taskId: TaskId; taskHash: Hash }>;

/**
 * Opens a task that a running agent ordered, paid from what its own task's requester set aside for that. A node that was
 * started again and orders the same with the same call gets the task it has.
 * @throws {StoaError} `not_assigned`, `wrong_state` without the requester's grant, `forbidden` for what the agent's
 * manifest does not name, `budget_exhausted`, and what is wrong with the order
 */
export async function submitSubtask(context: MarketContext, request: SubmitSubtask): Promise<TaskId> {
  const { parentId, order, signature, spec, input, inputBytes } = request;
  const { terms, reads } = context;
  const parent = await findTask(context.database, parentId);
  if (!parent) throw new StoaError("not_found", `there is no task ${parentId}`);
  const session = await sessionOf(context.database, request);
  if (spec.budgetOf !== parentId || spec.subtasks || spec.retry?.deadLetter)
    throw new StoaError(
      "invalid_order",
      `a sub-task of ${parentId} says that this pays for it, orders nothing itself, and is not kept when it is dead`,
    );
  if (order.deliverBy > decodeTyped("Order", parent.order).deliverBy)
    throw new StoaError("invalid_deadline", `the sub-task is due at ${order.deliverBy}, after the task it is for`);
  checkOrder(order, spec, terms, context.operator.address, context.clock());
  await checkOrderSignature(order, signature, session, terms);
  await checkRevocations(reads, order, session);
  await checkInput(reads, spec, input, inputBytes);
  const taskId = hashTyped(terms.domain, "Order", order) as TaskId;
  const manifest = await manifestOf(context, parent);
  return context.lane.run(open(taskId, request, manifest, { order, signature, session, spec, input, inputBytes }));
}

async function sessionOf(database: Queryable, { parentId, node }: SubmitSubtask) {
  const [grant] = await database.query<{ session: WireSession }>(
    "select session from subtask_grants where task_id = $1 and node = $2",
    [parentId, node],
  );
  if (!grant) throw new StoaError("wrong_state", `the requester of ${parentId} has not let ${node} order under it`);
  return { key: decodeTyped("SessionKey", grant.session.key), signature: grant.session.signature };
}

/** Of the agent that runs the task: what it may order is for its author to say, and for everybody to read. */
async function manifestOf(
  { database, reads }: MarketContext,
  { awardHash }: TaskRecord,
): Promise<Manifest | undefined> {
  const award = awardHash === null ? undefined : await reads.award(awardHash);
  return award && (await findAgent(database, award.agentVersion))?.manifest;
}

function open(
  taskId: TaskId,
  { parentId, node }: SubmitSubtask,
  manifest: Manifest | undefined,
  submitted: SubmitTask,
): Operation<TaskId> {
  const { requester, maxPrice, nonce } = submitted.order;
  const account = earmarked(requester, parentId);
  let ordered: Ordered = new Map();
  let owes = false;
  return {
    name: "submit-subtask",
    tasks: [taskId, parentId],
    nonce: { requester, nonce: nonce.toString() },
    owns: [`budget:${parentId}`],
    uses: ["vault"],
    async load(tx) {
      ordered = await readOrdered(tx, parentId);
      owes = await isWithdrawing(tx, requester);
    },
    accounts: () => [account],
    decide(set) {
      requireRunning(set, { parentId, node, requester });
      const before = ordered.get(nonce.toString());
      if (before?.taskHash === submitted.order.taskHash) return before.taskId;
      if (before ?? set.taskOfNonce(requester, nonce.toString()))
        throw new StoaError("nonce_used", `the order's number ${nonce} opened another task`);
      const wanted = submitted.spec.capability;
      if (!manifest?.grants.subtasks?.includes(wanted))
        throw new StoaError("forbidden", `the agent's manifest does not say that it orders ${wanted}`);
      if (ordered.size >= limits.subtasksPerTask)
        throw new StoaError(
          "too_large",
          `the task has ordered ${ordered.size} sub-tasks, at most ${limits.subtasksPerTask} are taken`,
        );
      if (owes)
        throw new StoaError("insufficient_funds", "the requester withdraws on chain what was set aside for sub-tasks");
      const left = set.book.balance(account);
      if (left < maxPrice) {
        throw new StoaError(
          "budget_exhausted",
          `the sub-task may cost ${maxPrice}, the budget for sub-tasks has ${left} left`,
          {
            details: { left: left.toString(), needed: maxPrice.toString() },
          },
        );
      }
      openIn(set, taskId, submitted, holdPosting(taskId, requester, maxPrice, account));
      set.defer((tx) => insertBudgetTask(tx, { taskId, budgetOf: parentId, step: null, attempt: null }));
      const data = { taskId: parentId, subtaskId: taskId, capability: wanted, maxPrice: maxPrice.toString() };
      set.emit({ type: "task.subtask_opened", audience: requester, data });
      return taskId;
    },
  };
}

function requireRunning(
  set: WorkingSet,
  { parentId, node, requester }: { parentId: TaskId; node: Address; requester: Address },
): void {
  const parent = set.task(parentId);
  requireAwardOf(set, parent, node);
  if (parent.state !== "running") throw new StoaError("wrong_state", `the task ${parentId} is ${parent.state}`);
  if (parent.requester !== requester)
    throw new StoaError("invalid_order", `the order is ${requester}'s, the task ${parentId} is ${parent.requester}'s`);
}

async function readOrdered(tx: Queryable, parentId: TaskId): Promise<Ordered> {
  const rows = await tx.query<{ nonce: string; taskId: TaskId; taskHash: Hash }>(
    `select nonce, id as "taskId", "order" ->> 'taskHash' as "taskHash" from budget_tasks
       join tasks on id = task_id join orders on orders.task_id = id
      where budget_of = $1`,
    [parentId],
  );
  return new Map(rows.map(({ nonce, ...task }) => [nonce, task]));
}
