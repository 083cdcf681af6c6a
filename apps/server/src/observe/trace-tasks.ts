import type { TaskTraces } from "@stoa/host";
import type { TaskObserver } from "./follow-tasks.ts";

/** Records tasks' ways as spans. */
export function traceTasks(traces: TaskTraces): TaskObserver {
  return {
    onStep: (step) => traces.recordStep(step),
    onEnd: ({ capability, outcome, ...span }) =>
      traces.recordTask({
        ...span,
        name: "task",
        attributes: { "stoa.capability": capability, "stoa.outcome": outcome },
      }),
  };
}
