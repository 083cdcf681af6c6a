import { type Address, type Hash, StoaError } from "@stoa/protocol";
import type { MarketContext } from "../context.ts";
import { claimOf, isOver, keepWorkflow, type OpenWorkflow, openWorkflow, tell } from "./open-workflow.ts";

/**
 * Gives a workflow up: nothing new is ordered, tasks no node has are taken back, and what nodes have already is still
 * done and paid. What is left of the budget is free when that is over.
 * @throws {StoaError} `not_found`, `forbidden` for anyone but its requester, `wrong_state` once it has ended
 */
export function cancelWorkflow(
  context: MarketContext,
  { workflowId, requester }: { workflowId: Hash; requester: Address },
): Promise<void> {
  let workflow: OpenWorkflow;
  return context.lane.run({
    name: "cancel-workflow",
    owns: [claimOf(workflowId)],
    async load(tx) {
      workflow = await openWorkflow(tx, workflowId);
    },
    decide(set) {
      const { record } = workflow;
      if (record.requester !== requester)
        throw new StoaError("forbidden", `the workflow ${workflowId} is not ${requester}'s`);
      if (record.cancelled) return;
      if (isOver(record)) throw new StoaError("wrong_state", `the workflow ${workflowId} is ${record.state}`);
      record.cancelled = true;
      record.due = true;
      if (record.state === "running")
        tell(set, workflow, { type: "workflow.ending", data: { step: null, reason: "cancelled" } });
      record.state = "ending";
      keepWorkflow(set, workflow, []);
    },
  });
}
