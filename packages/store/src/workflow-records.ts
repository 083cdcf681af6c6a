import type { Address, Hash, StepState, TaskId, WorkflowSpec, WorkflowState } from "@stoa/protocol";
import type { WireSession } from "./records.ts";

/** Why something of a workflow failed. */
export interface WorkflowFailure {
  /** The step it failed at. */
  step: string;
  reason: string;
  message: string;
}

/** A workflow as the lane works on it: what never changes, then what does. */
export interface WorkflowRecord {
  readonly id: Hash;
  readonly requester: Address;
  readonly spec: WorkflowSpec;
  readonly inputHash: Hash;
  readonly salt: Hash;
  /** What its wallet signed for the market's runner; the budget is the grant's total. */
  readonly session: WireSession;
  readonly budget: bigint;
  readonly openedAt: number;
  state: WorkflowState;
  cancelled: boolean;
  failure: WorkflowFailure | null;
  /** Whether the runner must look at it, whatever its tasks do. */
  due: boolean;
  version: number;
  updatedAt: number;
  endedAt: number | null;
}

/** One step of a workflow. */
export interface WorkflowStepRecord {
  readonly workflowId: Hash;
  readonly step: string;
  state: StepState;
  /** How often it was ordered. */
  attempt: number;
  /** The task of the last attempt. */
  taskId: TaskId | null;
  failure: { reason: string; message: string } | null;
  updatedAt: number;
}
