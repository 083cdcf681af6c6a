import { isAtRest, requireGraph } from "@stoa/core";
import type { Workflow, WorkflowStepView, WorkflowSummary } from "@stoa/protocol";
import { type Database, listBudgetTasks, listWorkflowSteps, type WorkflowRecord, type WorkflowRow } from "@stoa/store";
import { toIso, toIsoOrNull } from "../../http/pagination.ts";
import { budgetTask } from "../tasks/budget-task.ts";

/** A workflow as lists show it. */
export function workflowSummary({ steps, done, budget, openedAt, updatedAt, ...row }: WorkflowRow): WorkflowSummary {
  return {
    ...row,
    budget: budget.toString(),
    steps: { all: Number(steps), done: Number(done) },
    openedAt: toIso(openedAt),
    updatedAt: toIso(updatedAt),
  };
}

/** A workflow whole, with its steps and every task they were ordered as. */
export async function workflowView(database: Database, workflow: WorkflowRecord): Promise<Workflow> {
  const [tasks, steps] = await Promise.all([
    listBudgetTasks(database, workflow.id),
    listWorkflowSteps(database, workflow.id),
  ]);
  const graph = requireGraph(workflow.spec);
  const charged = tasks.reduce(
    (sum, { outcome }) => sum + (outcome?.kind === "settled" ? BigInt(outcome.charge) : 0n),
    0n,
  );
  const held = tasks.reduce((sum, { state, maxPrice }) => sum + (isAtRest(state) ? 0n : maxPrice), 0n);
  const byName = new Map(steps.map((step) => [step.step, step]));
  return {
    id: workflow.id,
    requester: workflow.requester,
    name: workflow.spec.name,
    state: workflow.state,
    budget: workflow.budget.toString(),
    openedAt: toIso(workflow.openedAt),
    updatedAt: toIso(workflow.updatedAt),
    endedAt: toIsoOrNull(workflow.endedAt),
    spec: workflow.spec,
    inputHash: workflow.inputHash,
    salt: workflow.salt,
    session: workflow.session,
    charged: charged.toString(),
    held: held.toString(),
    left: (workflow.budget - charged - held).toString(),
    failure: workflow.failure,
    steps: graph.order.map((name): WorkflowStepView => {
      const { capability, maxPrice, optional = false } = workflow.spec.steps[name]!;
      const step = byName.get(name);
      return {
        name,
        capability,
        state: step?.state ?? "waiting",
        needs: [...(graph.needs.get(name) ?? [])],
        level: graph.levels.get(name) ?? 0,
        optional,
        maxPrice,
        failure: step?.failure ?? null,
        tasks: tasks.filter((task) => task.step === name).map(budgetTask),
      };
    }),
  };
}
