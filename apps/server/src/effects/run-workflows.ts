import {
  fillTemplate,
  INPUT_SOURCE,
  matchSchema,
  type Reference,
  referencesOf,
  valueAt,
  withinBytes,
} from "@stoa/core";
import type { WorkflowTurn } from "@stoa/market";
import { canonicalJson, type EventRecord, type Hash, type Json, limits, StoaError, type TaskId } from "@stoa/protocol";
import { findAgent, listAwardsOfTask, listDueWorkflows } from "@stoa/store";
import type { EffectContext } from "./effect-context.ts";
import { repeat, type Repeated } from "./repeat.ts";

/** How often workflows are looked for that nobody told of: another server's, or those a crash left. */
const EVERY_MS = 2_000;
const AT_ONCE = 500;
/** Workflows carried on at the same time: their operations share the lane's transactions. */
const SIDE_BY_SIDE = 16;
/** Turns of one workflow in a row; more come at the next look, after those of others. */
const MOST_TURNS = 200;

type WorkflowsContext = Pick<EffectContext, "database" | "market" | "objects" | "log" | "signal">;

const TASK_MOVES = new Set(["task.delivered", "task.settled", "task.cancelled", "task.expired", "task.failed"]);

/**
 * Carries workflows on: orders the steps that are ready, accepts what fits, takes back what is not wanted any more. What
 * is due stands in the database; what this process remembers only tells it where to look at once.
 */
export function runWorkflows(context: WorkflowsContext): Repeated {
  /** The tasks of steps that this process saw ordered. */
  const workflowOf = new Map<Hash, Hash>();
  let told = new Set<Hash>();
  let lookedAt = 0;
  const effect = repeat({ name: "workflows", everyMs: EVERY_MS, ...context }, async () => {
    const due = told;
    told = new Set();
    if (Date.now() - lookedAt >= EVERY_MS) {
      for (const id of await listDueWorkflows(context.database, AT_ONCE)) due.add(id);
      lookedAt = Date.now();
    }
    const ids = [...due];
    while (ids.length > 0) await Promise.all(ids.splice(0, SIDE_BY_SIDE).map((id) => carryOnAlone(context, id)));
  });

  function onEvents(events: readonly EventRecord[]): void {
    for (const event of events) {
      const { workflowId, taskId } = event.data as { workflowId?: Hash; taskId?: Hash };
      if (event.type === "workflow.step_ordered" && taskId && workflowId) workflowOf.set(taskId, workflowId);
      const moved = TASK_MOVES.has(event.type) && taskId ? workflowOf.get(taskId) : undefined;
      if (moved !== undefined) tellOf(moved);
      if (taskId && TASK_MOVES.has(event.type) && event.type !== "task.delivered") workflowOf.delete(taskId);
      if ((event.type === "workflow.opened" || event.type === "workflow.ending") && workflowId) tellOf(workflowId);
    }
  }

  function tellOf(id: Hash): void {
    told.add(id);
    effect.wake();
  }

  function lookAtAll(): void {
    lookedAt = 0;
    effect.wake();
  }

  const unsubscribe = [context.market.events.onAppended(onEvents), context.market.events.onGap(lookAtAll)];
  context.signal.addEventListener("abort", () => unsubscribe.forEach((stop) => stop()), { once: true });
  return effect;
}

/** One workflow that cannot be carried on keeps no other waiting. */
async function carryOnAlone(context: WorkflowsContext, id: Hash): Promise<void> {
  try {
    await carryOn(context, id);
  } catch (error) {
    if (error instanceof StoaError && error.definition.kind === "retry") throw error;
    context.log.error({ err: error, workflowId: id }, "a workflow could not be carried on and will be tried again");
  }
}

async function carryOn(context: WorkflowsContext, id: Hash): Promise<void> {
  for (let turns = 0; turns < MOST_TURNS && !context.signal.aborted; turns += 1) {
    const turn = await context.market.advanceWorkflow(id);
    if (turn.order.length + turn.accept.length + turn.cancel.length === 0) return;
    for (const taskId of turn.cancel) await cancel(context, taskId);
    for (const { step, attempt, taskId } of turn.accept) {
      await orFail(context, { workflowId: id, step, attempt }, () => accept(context, taskId));
    }
    for (const { step, attempt } of turn.order) {
      await orFail(context, { workflowId: id, step, attempt }, async () => {
        const input = await inputOf(context, turn, step);
        await context.objects.put(Buffer.from(canonicalJson(input)));
        await context.market.orderStep({ workflowId: id, step, attempt, input });
      });
    }
  }
}

/** What is wrong with a step fails the step; what has moved on meanwhile is looked at again. */
async function orFail(
  { market }: WorkflowsContext,
  attempt: { workflowId: Hash; step: string; attempt: number },
  act: () => Promise<unknown>,
): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof StoaError) || error.definition.kind !== "mistake") throw error;
    if (error.code !== "wrong_state") await market.failStep({ ...attempt, reason: error.code, message: error.message });
  }
}

/** A step's template with what it takes of other steps, held to an input's size while it is put together. */
async function inputOf({ objects }: WorkflowsContext, turn: WorkflowTurn, name: string): Promise<Json> {
  const { spec, inputHash, outputs } = turn;
  const template = spec.steps[name]!.input;
  const sources = new Map<string, Json>();
  for (const source of new Set(referencesOf(template).flatMap(({ reference }) => reference?.source ?? []))) {
    const hash = source === INPUT_SOURCE ? inputHash : outputs.get(source);
    sources.set(source, hash === undefined ? (spec.steps[source]?.fallback ?? null) : await readJson(objects, hash));
  }
  const valueOf = ({ source, pointer }: Reference) => valueAt(sources.get(source) ?? null, pointer);
  return fillTemplate(template, withinBytes(valueOf, limits.inputBytes));
}

/** Accepts a delivered result when it is what its agent's manifest promises. */
async function accept({ database, market, objects }: WorkflowsContext, taskId: TaskId): Promise<void> {
  const award = (await listAwardsOfTask(database, taskId)).find(({ state }) => state === "delivered");
  const [task] = await database.query<{ hash: Hash | null }>(
    "select result ->> 'hash' as hash from tasks where id = $1 and state = 'delivered'",
    [taskId],
  );
  if (!award || !task?.hash) throw new StoaError("wrong_state", `the task ${taskId} has no result to accept`);
  const agent = await findAgent(database, award.agentVersion);
  const output = await readJson(objects, task.hash);
  const problems = matchSchema(agent?.manifest.output ?? true, output);
  if (problems.length > 0) {
    throw new StoaError("execution_failed", `the result does not fit what its agent promises: ${problems.join("; ")}`);
  }
  await market.acceptStep({ taskId, resultHash: task.hash });
}

async function cancel({ database, market }: WorkflowsContext, taskId: TaskId): Promise<void> {
  const [task] = await database.query<{ requester: Hash }>("select requester from tasks where id = $1", [taskId]);
  try {
    if (task) await market.cancelTask({ taskId, requester: task.requester });
  } catch (error) {
    // A node has it by now: it is done and paid.
    if (!(error instanceof StoaError) || error.code !== "wrong_state") throw error;
  }
}

async function readJson(objects: WorkflowsContext["objects"], hash: Hash): Promise<Json> {
  return JSON.parse(new TextDecoder().decode(await objects.get(hash))) as Json;
}
