import type { Hash } from "@stoa/protocol";
import type { MarketContext } from "../context.ts";
import { endAttempt } from "./advance-workflow.ts";
import { claimOf, keepWorkflow, type OpenWorkflow, openWorkflow, stepOf } from "./open-workflow.ts";

export interface FailStep {
  workflowId: Hash;
  step: string;
  /** Which attempt it is: one that could not be ordered, or whose result does not fit. */
  attempt: number;
  reason: string;
  message: string;
}

/**
 * Gives up an attempt at a step: its order is refused, which no retry mends, or its result is not what its agent
 * promises. Does nothing when the step has moved on.
 */
export function failStep(
  context: MarketContext,
  { workflowId, step: name, attempt, reason, message }: FailStep,
): Promise<void> {
  let workflow: OpenWorkflow;
  return context.lane.run({
    name: "fail-step",
    owns: [claimOf(workflowId)],
    async load(tx) {
      workflow = await openWorkflow(tx, workflowId);
    },
    decide(set) {
      const step = stepOf(workflow, name);
      const isRefused = step.state === "delivered" && step.attempt === attempt;
      const isUnordered = step.state === "waiting" && step.attempt === attempt - 1;
      if (!isRefused && !isUnordered) return;
      endAttempt(set, workflow, step, { reason, message, mayRetry: isRefused && workflow.record.state === "running" });
      workflow.record.due = true;
      keepWorkflow(set, workflow, [step]);
    },
  });
}
