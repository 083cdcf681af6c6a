import { fillTemplate, valueAt } from "@stoa/core";
import { type Hash, hashJson, type Json, StoaError, type TaskId } from "@stoa/protocol";
import { findTask, findWorkflow, listBudgetTasks, listWorkflowSteps } from "@stoa/store";
import type { FixtureNode, MarketFixture } from "@stoa/testkit";

/** What a node makes of the task of a step: the text it answers with, or how it fails. */
export type StepFate = { output: string } | { fails: string };

/** Does what the runner does for a workflow, until it waits for its tasks. Outputs are `{ text }` of their fate. */
export async function turnWorkflow(market: MarketFixture, id: Hash, outputs: ReadonlyMap<Hash, Json>): Promise<void> {
  for (;;) {
    const turn = await market.market.advanceWorkflow(id);
    if (turn.order.length + turn.accept.length + turn.cancel.length === 0) return;
    const workflow = await findWorkflow(market.database, id);
    for (const taskId of turn.cancel)
      await market.market.cancelTask({ taskId, requester: workflow!.requester }).catch(ignoreMoved);
    for (const { taskId } of turn.accept) {
      const task = await findTask(market.database, taskId);
      await market.market.acceptStep({ taskId, resultHash: task!.result!.hash });
    }
    for (const { step, attempt } of turn.order) {
      const input = fillTemplate(turn.spec.steps[step]!.input, ({ source, pointer }) => {
        const hash = turn.outputs.get(source);
        return valueAt(hash ? outputs.get(hash)! : (turn.spec.steps[source]?.fallback ?? null), pointer);
      });
      await market.market.orderStep({ workflowId: id, step, attempt, input });
    }
  }
}

function ignoreMoved(error: unknown): void {
  if (!(error instanceof StoaError) || error.code !== "wrong_state") throw error;
}

/** Has the open tasks of a workflow awarded and done by a node, each by its step's fate. */
export async function workSteps(
  market: MarketFixture,
  id: Hash,
  nodes: readonly (readonly [FixtureNode, bigint])[],
  fateOf: (step: string, attempt: number) => StepFate,
  outputs: Map<Hash, Json>,
): Promise<void> {
  const open = (await listBudgetTasks(market.database, id)).filter(({ state }) => state === "open");
  if (open.length === 0) return;
  await market.round(nodes);
  for (const { taskId, step, attempt } of open) {
    const award = await market.award(taskId);
    const [node] = nodes.find(([{ key }]) => key.address === award.node)!;
    await market.start(taskId, node);
    const fate = fateOf(step ?? "", attempt ?? 0);
    if ("fails" in fate) {
      await market.market.failExecution({ taskId, node: award.node, reason: "crashed", message: fate.fails });
    } else {
      const output = { text: fate.output };
      outputs.set(hashJson(output), output);
      await market.deliver(taskId, node, output);
    }
  }
}

/** Runs a workflow to its end. */
export async function runWorkflow(
  market: MarketFixture,
  id: Hash,
  nodes: readonly (readonly [FixtureNode, bigint])[],
  fateOf: (step: string, attempt: number) => StepFate,
): Promise<void> {
  const outputs = new Map<Hash, Json>();
  for (let round = 0; round < 100; round += 1) {
    await turnWorkflow(market, id, outputs);
    if ((await findWorkflow(market.database, id))?.endedAt) return;
    await workSteps(market, id, nodes, fateOf, outputs);
  }
  throw new Error("the workflow does not end");
}

/** The state of each step. */
export async function stepStates(market: MarketFixture, id: Hash): Promise<Record<string, string>> {
  const steps = await listWorkflowSteps(market.database, id);
  return Object.fromEntries(steps.map(({ step, state }) => [step, state]));
}

/** What a task cost its requester. */
export async function chargeOf(market: MarketFixture, taskId: TaskId): Promise<bigint> {
  const task = await findTask(market.database, taskId);
  return task?.outcome?.kind === "settled" ? BigInt(task.outcome.charge) : 0n;
}
