import type { EventType } from "@stoa/protocol";

/** What lets a node take another task. */
export const FREES_A_SLOT: ReadonlySet<EventType> = new Set([
  "task.delivered",
  "task.failed",
  "task.dead",
  "task.attempt_failed",
] satisfies EventType[]);
/** What may let a node be asked, or a task be taken, that could not before. */
export const ASKABLE_AGAIN: ReadonlySet<EventType> = new Set([
  "task.reopened",
  "node.online",
  "node.staked",
  "agent.published",
] satisfies EventType[]);
/** A task nobody takes is offered again at least this often, in a round or an auction. */
export const LONGEST_REST_MS = 30_000;
