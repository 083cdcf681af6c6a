import {
  afterFailure,
  earmarked,
  isAtRest,
  planWorkflow,
  type StepRuling,
  unearmarkPosting,
  type WorkflowPlan,
} from "@stoa/core";
import { acceptanceOf, type Hash, StoaError, type TaskId, type WorkflowSpec } from "@stoa/protocol";
import { listBudgetTasks, type Queryable, type TaskRecord, type WorkflowStepRecord } from "@stoa/store";
import type { MarketContext } from "../context.ts";
import type { WorkingSet } from "../lane/working-set.ts";
import {
  claimOf,
  isOver,
  keepWorkflow,
  type OpenWorkflow,
  openWorkflow,
  progressOf,
  tasksUnderWay,
  tell,
} from "./open-workflow.ts";

/** What is to be done for a workflow outside the lane; nothing of it when it only waits. */
export interface WorkflowTurn {
  spec: WorkflowSpec;
  inputHash: Hash;
  /** Steps to order, by the number of the attempt. */
  order: { step: string; attempt: number }[];
  /** Delivered results that the runner accepts when they fit. */
  accept: { step: string; attempt: number; taskId: TaskId }[];
  /** Tasks to take back while no node has them. */
  cancel: TaskId[];
  /** Hashes of the outputs of steps that are done; a step that is there without one counts with its fallback. */
  outputs: ReadonlyMap<string, Hash>;
}

/** Tasks were ordered under the workflow between looking and deciding. */
type Overtaken = "overtaken";

/**
 * Follows what became of a workflow's tasks, decides what comes next by its plan, and ends it when nothing is left. Said
 * again without anything having happened, it changes nothing and says the same.
 * @throws {StoaError} `not_found`
 */
export async function advanceWorkflow(context: MarketContext, id: Hash): Promise<WorkflowTurn> {
  for (;;) {
    const seen = await openWorkflow(context.database, id);
    const unfinished = await unfinishedTasks(context.database, seen);
    const turn = await decideTurn(context, seen, unfinished);
    if (turn !== "overtaken") return turn;
  }
}

/** What still holds money of the budget. A step's task can outlive its step: a result that was turned down can be claimed. */
async function unfinishedTasks(database: Queryable, { record, ...workflow }: OpenWorkflow): Promise<TaskId[]> {
  const tasks = await listBudgetTasks(database, record.id);
  const held = tasks.filter(({ state }) => !isAtRest(state)).map(({ taskId }) => taskId);
  return [...new Set([...held, ...tasksUnderWay({ record, ...workflow })])];
}

function decideTurn(
  context: MarketContext,
  { record: { id, requester } }: OpenWorkflow,
  tasks: readonly TaskId[],
): Promise<WorkflowTurn | Overtaken> {
  const account = earmarked(requester, id);
  let workflow: OpenWorkflow;
  let outputs = new Map<string, Hash>();
  return context.lane.run<WorkflowTurn | Overtaken>({
    name: "advance-workflow",
    tasks,
    owns: [claimOf(id)],
    async load(tx) {
      workflow = await openWorkflow(tx, id);
      outputs = await readOutputs(tx, id);
    },
    accounts: () => [account],
    decide(set) {
      if (tasksUnderWay(workflow).some((taskId) => !set.findTask(taskId))) return "overtaken";
      const changed = new Set<WorkflowStepRecord>();
      const followed = followTasks(set, workflow, changed, outputs);
      const plan = planWorkflow(workflow.record.spec, workflow.graph, progressOf(workflow, set.book.balance(account)));
      for (const ruling of plan.rulings) applyRuling(set, workflow, ruling, changed);
      const turn: WorkflowTurn = {
        spec: workflow.record.spec,
        inputHash: workflow.record.inputHash,
        order: isOver(workflow.record) ? [] : plan.start,
        accept: isOver(workflow.record) ? [] : acceptable(workflow),
        cancel: isOver(workflow.record) ? [] : cancellable(set, workflow, plan),
        outputs: new Map([...outputs].filter(([step]) => workflow.steps.get(step)?.state === "done")),
      };
      const held = tasks.flatMap((taskId) => set.findTask(taskId) ?? []).filter(({ state }) => !isAtRest(state));
      const moved = moveOn(set, workflow, plan, held);
      const due =
        turn.order.length + turn.accept.length + turn.cancel.length > 0 || (isOver(workflow.record) && held.length > 0);
      if (moved || followed || changed.size > 0 || due !== workflow.record.due) {
        workflow.record.due = due;
        keepWorkflow(set, workflow, changed);
      }
      return turn;
    },
  });
}

async function readOutputs(tx: Queryable, id: Hash): Promise<Map<string, Hash>> {
  const rows = await tx.query<{ step: string; hash: Hash | null }>(
    `select step, result ->> 'hash' as hash from workflow_steps join tasks on tasks.id = task_id where workflow_id = $1`,
    [id],
  );
  return new Map(rows.flatMap(({ step, hash }) => (hash === null ? [] : [[step, hash] as const])));
}

/** Moves each step under way to where its task is. */
function followTasks(
  set: WorkingSet,
  workflow: OpenWorkflow,
  changed: Set<WorkflowStepRecord>,
  outputs: Map<string, Hash>,
): boolean {
  for (const step of workflow.steps.values()) {
    if ((step.state !== "running" && step.state !== "delivered") || step.taskId === null) continue;
    const task = set.task(step.taskId);
    if (task.result) outputs.set(step.step, task.result.hash);
    if (task.outcome?.kind === "settled") {
      step.state = "done";
      step.failure = null;
      tell(set, workflow, {
        type: "workflow.step_done",
        data: { step: step.step, taskId: task.id, charge: task.outcome.charge },
      });
    } else if (task.outcome) failAttempt(set, workflow, step, task);
    else if (task.state === "delivered" && step.state === "running") {
      step.state = "delivered";
      tell(set, workflow, { type: "workflow.step_delivered", data: { step: step.step, taskId: task.id } });
    } else continue;
    changed.add(step);
  }
  return changed.size > 0;
}

function failAttempt(
  set: WorkingSet,
  workflow: OpenWorkflow,
  step: WorkflowStepRecord,
  { state, outcome }: TaskRecord,
): void {
  if (outcome?.kind !== "unpaid") return;
  const { reason, message } = outcome;
  const isEnding = workflow.record.state !== "running";
  if (isEnding && state === "cancelled") {
    applyRuling(set, workflow, { step: step.step, state: "skipped", reason: "workflow_ended" }, new Set());
    return;
  }
  endAttempt(set, workflow, step, { reason, message, mayRetry: !isEnding && state !== "cancelled" });
}

/** Ends a step's attempt in failure: it is tried again, replaced, or lost. */
export function endAttempt(
  set: WorkingSet,
  workflow: OpenWorkflow,
  step: WorkflowStepRecord,
  { reason, message, mayRetry }: { reason: string; message: string; mayRetry: boolean },
): void {
  const next = afterFailure(workflow.record.spec.steps[step.step]!, step.attempt, mayRetry);
  step.state = next;
  step.failure = { reason, message };
  const data = { step: step.step, reason, message };
  if (next === "waiting")
    tell(set, workflow, { type: "workflow.step_retried", data: { ...data, attempt: step.attempt } });
  else tell(set, workflow, { type: "workflow.step_ended", data: { ...data, state: next } });
}

const WHY: Record<StepRuling["reason"], string> = {
  budget_exhausted: "the budget has less left than the step may cost",
  needed_step_failed: "a step it needs came to nothing",
  workflow_ended: "the workflow ended before it",
};

function applyRuling(
  set: WorkingSet,
  workflow: OpenWorkflow,
  { step: name, state, reason }: StepRuling,
  changed: Set<WorkflowStepRecord>,
): void {
  const step = workflow.steps.get(name);
  if (!step) throw new StoaError("internal", `the workflow ${workflow.record.id} has no step ${name}`);
  step.state = state;
  step.failure = { reason, message: step.failure?.message ?? WHY[reason] };
  changed.add(step);
  tell(set, workflow, { type: "workflow.step_ended", data: { step: name, state, ...step.failure } });
}

/** Moves the workflow itself: it begins to end when it must, and ends when nothing is under way. */
function moveOn(set: WorkingSet, workflow: OpenWorkflow, plan: WorkflowPlan, held: readonly TaskRecord[]): boolean {
  const { record } = workflow;
  const account = earmarked(record.requester, record.id);
  let moved = false;
  if (record.state === "running" && plan.isEnding) {
    record.state = "ending";
    moved = true;
    const failed = firstFailure(workflow);
    tell(set, workflow, { type: "workflow.ending", data: { step: failed.step, reason: failed.reason } });
  }
  const left = set.book.balance(account);
  if (!isOver(record) && plan.end !== null) {
    moved = true;
    record.state = plan.end;
    record.endedAt = set.now;
    if (plan.end === "failed") record.failure = firstFailure(workflow);
    tellEnd(set, workflow, left, held);
  }
  if (isOver(record) && left > 0n) {
    moved = true;
    set.post(unearmarkPosting(record.id, record.requester, left, String(record.version)));
  }
  return moved;
}

function firstFailure({ record, steps, graph }: OpenWorkflow): { step: string; reason: string; message: string } {
  const lost = graph.order.flatMap((name) => {
    const step = steps.get(name);
    const isLost = !record.spec.steps[name]?.optional && (step?.state === "failed" || step?.state === "skipped");
    return isLost && step.failure ? [{ step: name, isCause: step.state === "failed", ...step.failure }] : [];
  });
  const { step, reason, message } = lost.find(({ isCause }) => isCause) ??
    lost[0] ?? { step: "", reason: "", message: "" };
  return { step, reason, message };
}

function tellEnd(set: WorkingSet, workflow: OpenWorkflow, left: bigint, held: readonly TaskRecord[]): void {
  const { record } = workflow;
  const waiting = held.reduce((sum, { maxPrice }) => sum + maxPrice, 0n);
  const data = { charged: (record.budget - left - waiting).toString(), refunded: left.toString() };
  if (record.failure) tell(set, workflow, { type: "workflow.failed", data: { ...record.failure, ...data } });
  else tell(set, workflow, { type: record.state === "completed" ? "workflow.completed" : "workflow.cancelled", data });
}

function acceptable({ record, steps }: OpenWorkflow): WorkflowTurn["accept"] {
  return [...steps.values()].flatMap(({ step, state, attempt, taskId }) => {
    const isAutomatic = acceptanceOf(record.spec, record.spec.steps[step]!) === "auto";
    return state === "delivered" && taskId !== null && isAutomatic ? [{ step, attempt, taskId }] : [];
  });
}

function cancellable(set: WorkingSet, { steps }: OpenWorkflow, { cancel }: WorkflowPlan): TaskId[] {
  return cancel.flatMap((name) => {
    const taskId = steps.get(name)?.taskId;
    return taskId && set.findTask(taskId)?.state === "open" ? [taskId] : [];
  });
}
