import { StoaError, type TaskState } from "@stoa/protocol";

/*
 *            award          start          deliver           settle
 *   open ───────────▶ awarded ──────▶ running ──────▶ delivered ──────▶ settled
 *    │ ▲                │  ▲ reaward ◀──┤ │              │
 *    │ └──── reopen ────┴──┼────────────┘ │              └─ refund ─▶ failed
 *    │                     └ (awarded too)│
 *    ├─ cancel ─▶ cancelled               ├─ fail (awarded too) ─▶ failed
 *    └─ expire ─▶ expired                 └─ enforce (open, awarded, delivered too) ─▶ settled
 *
 *   awarded, running ─ bury ─▶ dead ─ retry ─▶ open
 *
 * A task goes to `dead` instead of `failed` when its order asks for it: it is refunded as a failed one, and its requester
 * may have it tried again under the same order.
 *
 * `enforce` is the chain's word: somebody settled the order there by signed evidence the market had not asked for.
 */

export type TaskAction =
  | "award"
  | "start"
  | "deliver"
  | "settle"
  | "reaward"
  | "reopen"
  | "fail"
  | "bury"
  | "retry"
  | "refund"
  | "enforce"
  | "cancel"
  | "expire";

/** Which state admits which action, and where it leads. The one table every guard is tested against. */
export const transitions: { readonly [State in TaskState]: Partial<Record<TaskAction, TaskState>> } = {
  open: { award: "awarded", cancel: "cancelled", expire: "expired", enforce: "settled" },
  awarded: {
    start: "running",
    reaward: "awarded",
    reopen: "open",
    fail: "failed",
    bury: "dead",
    enforce: "settled",
  },
  running: {
    deliver: "delivered",
    reaward: "awarded",
    reopen: "open",
    fail: "failed",
    bury: "dead",
    enforce: "settled",
  },
  delivered: { settle: "settled", enforce: "settled", refund: "failed" },
  settled: {},
  cancelled: {},
  expired: {},
  failed: {},
  dead: { retry: "open" },
};

/**
 * The state an action leads to.
 * @throws {StoaError} `wrong_state` when the state does not admit the action
 * @example
 * nextState("open", "award") // "awarded"
 */
export function nextState(state: TaskState, action: TaskAction): TaskState {
  const next = transitions[state][action];
  if (!next) {
    const admitted = Object.keys(transitions[state]).join(", ") || "nothing";
    throw new StoaError("wrong_state", `a task that is ${state} does not admit ${action}; it admits ${admitted}`);
  }
  return next;
}

/** Whether nothing can happen to the task any more. */
export function isFinal(state: TaskState): boolean {
  return Object.keys(transitions[state]).length === 0;
}

/** Whether nothing happens to the task by itself any more: it is final, or dead until its requester has it tried again. */
export function isAtRest(state: TaskState): boolean {
  return state === "dead" || isFinal(state);
}
