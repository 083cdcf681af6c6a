/** Where a task stands; `core/lifecycle.ts` has the table of what each state admits. */
export const taskStates = [
  "open",
  "awarded",
  "running",
  "delivered",
  "settled",
  "cancelled",
  "expired",
  "failed",
  "dead",
] as const;
export type TaskState = (typeof taskStates)[number];
