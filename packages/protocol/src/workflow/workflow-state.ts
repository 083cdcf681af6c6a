/**
 * Where a workflow stands. `ending` is one that failed or was cancelled and waits for the steps that nodes already have;
 * `core/workflow/plan-workflow.ts` decides.
 */
export const workflowStates = ["running", "ending", "completed", "failed", "cancelled"] as const;
export type WorkflowState = (typeof workflowStates)[number];

/**
 * Where a step stands. `delivered` waits for its acceptance, `substituted` is an optional one that failed and counts
 * with its fallback, `skipped` was never ordered.
 */
export const stepStates = ["waiting", "running", "delivered", "done", "substituted", "failed", "skipped"] as const;
export type StepState = (typeof stepStates)[number];
