import type { Workflow } from "@stoa/protocol";
import type { AnyEvent, WorkflowUpdate } from "@stoa/sdk";
import type { Narration } from "../task/narration.ts";
import { drawWorkflow } from "./draw-workflow.ts";

/** Tells what a workflow and its tasks go through. `stepOf` remembers which task is which step's. */
export async function tellWorkflow(
  narration: Narration,
  stepOf: Map<string, string>,
  update: WorkflowUpdate,
): Promise<void> {
  if (update.kind === "workflow") tellState(narration, stepOf, update.workflow);
  else await tellEvent(narration, stepOf, update.event);
}

function tellState(
  { market, once, say, add, terminal }: Narration,
  stepOf: Map<string, string>,
  workflow: Workflow,
): void {
  for (const { name, tasks } of workflow.steps) for (const { taskId } of tasks) stepOf.set(taskId, name);
  if (once("opened")) {
    say("open", workflow.id, workflow.openedAt);
    add(`${workflow.name}: ${workflow.steps.length} steps, at most ${market.money.format(workflow.budget)}`);
  }
  if (workflow.endedAt === null) terminal.waiting("waiting for its steps");
}

async function tellEvent(narration: Narration, stepOf: Map<string, string>, event: AnyEvent): Promise<void> {
  const { colours, market, say, terminal, tellLines } = narration;
  const { bold, green, red, yellow } = colours;
  const { at } = event;
  const nameOf = (taskId: string) => bold(stepOf.get(taskId) ?? "a step");
  switch (event.type) {
    case "workflow.step_ordered": {
      const { step, attempt, taskId, maxPrice } = event.data;
      stepOf.set(taskId, step);
      const again = attempt > 1 ? `, attempt ${attempt}` : "";
      return say("ordered", `${bold(step)}${again}, at most ${market.money.format(maxPrice)}`, at);
    }
    case "task.awarded": {
      const { taskId, node, price } = event.data;
      return say("awarded", `${nameOf(taskId)} → ${await narration.nameOf(node)} at ${market.money.format(price)}`, at);
    }
    case "task.unserved":
      return say(
        "no taker",
        `${nameOf(event.data.taskId)}: ${event.data.reasons.map(({ reason }) => reason.replaceAll("_", " ")).join(", ")}`,
        at,
      );
    case "task.reopened":
      return say("lost", yellow(`${stepOf.get(event.data.taskId) ?? ""}: ${event.data.fault}; auctioned again`), at);
    case "task.running":
      return terminal.waiting(`running ${stepOf.get(event.data.taskId) ?? ""}`);
    case "execution.logged": {
      const { executionId, firstSeq, lines } = event.data;
      return tellLines(
        executionId,
        lines.map(({ text }, i) => ({ seq: firstSeq + i, text })),
      );
    }
    case "workflow.step_delivered":
      return say("delivered", bold(event.data.step), at);
    case "workflow.step_done":
      return say("done", `${bold(event.data.step)} for ${market.money.format(event.data.charge)}`, at);
    case "workflow.step_retried":
      return say("failed", yellow(`${event.data.step}: ${event.data.message}; tried again`), at);
    case "workflow.step_ended":
      return say(
        event.data.state === "substituted" ? "replaced" : event.data.state,
        `${bold(event.data.step)}: ${event.data.message}`,
        at,
      );
    case "workflow.ending":
      return say("ending", yellow("nothing more is ordered; what nodes have already is still done and paid"), at);
    case "workflow.completed":
      return say("completed", green(moneyOf(narration, event.data)), at);
    case "workflow.failed":
      return say("failed", red(`${event.data.step}: ${event.data.message}; ${moneyOf(narration, event.data)}`), at);
    case "workflow.cancelled":
      return say("cancelled", moneyOf(narration, event.data), at);
    default:
  }
}

function moneyOf(
  { market: { money } }: Narration,
  { charged, refunded }: { charged: string; refunded: string },
): string {
  return `charged ${money.format(charged)}, refunded ${money.format(refunded)}`;
}

/** Tells how a workflow stands in the end: its drawing. */
export function tellEndOfWorkflow({ terminal, colours, market }: Narration, workflow: Workflow): void {
  terminal.note(drawWorkflow(colours, market.money, workflow));
}
