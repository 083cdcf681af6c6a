import { type StepProgress, requireGraph, type WorkflowGraph } from "@stoa/core";
import { type Hash, type NewEvent, StoaError, type TaskId } from "@stoa/protocol";
import {
  findWorkflow,
  listWorkflowSteps,
  type Queryable,
  updateWorkflow,
  type WorkflowRecord,
  type WorkflowStepRecord,
} from "@stoa/store";
import type { WorkingSet } from "../lane/working-set.ts";

/** A workflow while an operation of the lane works on it. */
export interface OpenWorkflow {
  record: WorkflowRecord;
  steps: ReadonlyMap<string, WorkflowStepRecord>;
  graph: WorkflowGraph;
}

/** What an operation on a workflow claims for itself: it loads the workflow and writes it by its own statements. */
export const claimOf = (workflowId: Hash): string => `workflow:${workflowId}`;

/**
 * Reads a workflow with its steps.
 * @throws {StoaError} `not_found`
 */
export async function openWorkflow(tx: Queryable, id: Hash): Promise<OpenWorkflow> {
  const record = await findWorkflow(tx, id);
  if (!record) throw new StoaError("not_found", `there is no workflow ${id}`);
  const steps = await listWorkflowSteps(tx, id);
  return { record, steps: new Map(steps.map((step) => [step.step, step])), graph: requireGraph(record.spec) };
}

export function isOver({ state }: Pick<WorkflowRecord, "state">): boolean {
  return state !== "running" && state !== "ending";
}

/** A step by its name. */
export function stepOf({ record, steps }: OpenWorkflow, name: string): WorkflowStepRecord {
  const step = steps.get(name);
  if (!step) throw new StoaError("not_found", `the workflow ${record.id} has no step ${name}`);
  return step;
}

/** How far it is, as the planner takes it. */
export function progressOf({ record, steps }: OpenWorkflow, left: bigint) {
  const progress = new Map<string, StepProgress>(
    [...steps].map(([name, { state, attempt }]) => [name, { state, attempt }]),
  );
  return { steps: progress, isCancelled: record.cancelled, left };
}

/** The tasks of steps under way. */
export function tasksUnderWay({ steps }: OpenWorkflow): TaskId[] {
  return [...steps.values()].flatMap(({ state, taskId }) =>
    taskId !== null && (state === "running" || state === "delivered") ? [taskId] : [],
  );
}

/** Has what changed of a workflow, and these steps of it, written with the batch. */
export function keepWorkflow(set: WorkingSet, { record }: OpenWorkflow, changed: Iterable<WorkflowStepRecord>): void {
  record.version += 1;
  record.updatedAt = set.now;
  const steps = [...changed];
  for (const step of steps) step.updatedAt = set.now;
  set.defer((tx) => updateWorkflow(tx, record, steps));
}

type WorkflowEvent = Extract<NewEvent, { type: `workflow.${string}` }>;
type Untold = WorkflowEvent extends infer Event
  ? Event extends WorkflowEvent
    ? Omit<Event, "audience" | "data"> & { data: Omit<Event["data"], "workflowId"> }
    : never
  : never;

/** Tells the workflow's requester: what a workflow is made of concerns nobody else. */
export function tell(set: WorkingSet, { record }: OpenWorkflow, event: Untold): void {
  const data = { workflowId: record.id, ...event.data };
  set.emit({ type: event.type, audience: record.requester, data } as NewEvent);
}
