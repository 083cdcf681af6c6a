import type { TaskRecord } from "@stoa/store";

/** How many attempts a task can have had, the present one included: what bounds all that they may tell together. */
export function attemptsAtMost({ attempts, retries, spec }: TaskRecord): number {
  return retries * (spec.retry?.maxAttempts ?? 0) + attempts + 1;
}
