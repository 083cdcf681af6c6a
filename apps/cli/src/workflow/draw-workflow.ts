import type { StepState, Workflow, WorkflowStepView } from "@stoa/protocol";
import type { Money } from "../terminal/money.ts";
import { shortId } from "../terminal/short-id.ts";
import { table } from "../terminal/table.ts";
import type { Colours } from "../terminal/terminal.ts";

const MARKS: Record<StepState, string> = {
  waiting: "·",
  running: "▶",
  delivered: "◆",
  done: "✓",
  substituted: "~",
  failed: "✗",
  skipped: "-",
};

/**
 * Draws a workflow's steps, each behind and further in than those it waits for, with its state and what it costs.
 * @example
 * drawWorkflow(colours, money, workflow)
 * // step              waits for  state  price           task
 * // ✓ language                   done   0.0052 of 0.02  0x1a2b3c4d…
 * // └─▶ ✓ summary     language   done   0.0075 of 0.05  0x5e6f7a8b…
 */
export function drawWorkflow(colours: Colours, money: Money, { steps }: Workflow): string {
  return table(colours, steps, [
    { title: "step", value: (step) => nameOf(colours, step) },
    { title: "waits for", value: ({ needs }) => needs.join(", ") },
    { title: "does", value: ({ capability }) => capability },
    { title: "state", value: (step) => stateOf(step) },
    { title: "price", value: (step) => priceOf(money, step) },
    { title: "task", value: ({ tasks }) => (tasks.length === 0 ? "" : shortId(tasks.at(-1)!.taskId)) },
  ]);
}

function nameOf({ green, red, yellow, dim }: Colours, { name, level, state }: WorkflowStepView): string {
  const colour = {
    done: green,
    failed: red,
    substituted: yellow,
    skipped: dim,
    waiting: dim,
    running: yellow,
    delivered: yellow,
  };
  const rail = level === 0 ? "" : `${"   ".repeat(level - 1)}└─▶ `;
  return `${rail}${colour[state](MARKS[state])} ${name}`;
}

function stateOf({ state, failure, tasks, optional }: WorkflowStepView): string {
  const times = tasks.length > 1 ? `, attempt ${tasks.length}` : "";
  const why = failure && ["failed", "skipped", "substituted"].includes(state) ? `: ${failure.reason}` : "";
  return `${state}${times}${why}${optional && state === "waiting" ? ", optional" : ""}`;
}

function priceOf(money: Money, { maxPrice, tasks }: WorkflowStepView): string {
  const charged = tasks.reduce((sum, { charge }) => sum + BigInt(charge ?? 0), 0n);
  const price = tasks.at(-1)?.price;
  if (charged > 0n) return `${money.bare(charged)} of ${money.bare(maxPrice)}`;
  if (price) return `${money.bare(price)} awarded, of ${money.bare(maxPrice)}`;
  return `at most ${money.bare(maxPrice)}`;
}
