import { differences } from "@stoa/agent-kit/project";
import { hashJson, type Json } from "@stoa/protocol";
import type { ExecutionOutcome } from "@stoa/sandbox";

/** What a node gave for a task's input. */
export interface Delivered {
  output: Json;
  hash: string;
  fuel: number | null;
}

/**
 * What is wrong when an agent that must give the same everywhere ran again: `[]` when it gave the same, and used as much.
 * @example
 * compareRuns({ output: 3, hash: hashJson(3), fuel: 900 }, outcome) // []
 */
export function compareRuns(there: Delivered, here: ExecutionOutcome): string[] {
  if (here.status === "failed") return [`here it failed with ${here.reason}: ${here.message}`];
  const found = hashJson(here.output) === there.hash ? [] : differences(there.output, here.output);
  const used = here.stats.fuel ?? 0;
  return there.fuel === null || there.fuel === used
    ? found
    : [...found, `it used ${there.fuel} of fuel there, ${used} here`];
}
