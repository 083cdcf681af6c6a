import type { EventType } from "@stoa/protocol";
import type { BreakpointPlace } from "@stoa/testkit";
import type { Errand } from "./requester.ts";

export type Victim = "server" | "postgresql" | "attica";

/** One moment at which something is killed, in the life of one task. */
export interface KillPoint {
  victim: Victim;
  place: BreakpointPlace;
  event: EventType;
  errand: Errand;
  /** Nodes that are down from the start; they come back when the task has reached the point. */
  down?: readonly string[];
  /** Is killed as soon as it runs the task, which leads to the point. */
  dies?: string;
  /** Stay down until the task has ended. */
  staysDown?: boolean;
}

const paid: Errand = {
  capability: "text.language",
  input: { text: "All that glitters is not gold, says the play." },
  does: "accept",
  ends: "settled",
};
const claimed: Errand = { ...paid, does: "nothing" };
const ruled: Errand = { ...paid, does: "challenge", ends: "failed" };
const cancelled: Errand = { ...paid, maxPrice: 3_000n, does: "cancel", ends: "cancelled" };
const expired: Errand = { ...paid, maxPrice: 3_000n, deliverInSeconds: 5, does: "nothing", ends: "expired" };
const broken: Errand = { capability: "test.fail", input: { colour: "mauve" }, does: "accept", ends: "failed" };
/** Waits on attica for ever, and ends at once on boeotia. */
const handedOn: Errand = { capability: "test.gate", input: { gate: "boeotia" }, does: "accept", ends: "settled" };
/** Ends at once on a node that was started again. */
const takenUpAgain: Errand = { ...handedOn, input: { gate: "later" } };
/** Must start so soon that nobody can take it over. */
const tooLate: Errand = { ...handedOn, deliverInSeconds: 40, startBySeconds: 39, ends: "failed" };

const server = (place: BreakpointPlace, event: EventType, errand: Errand): KillPoint => ({
  victim: "server",
  place,
  event,
  errand,
});
const postgresql = (place: BreakpointPlace, event: EventType, errand: Errand): KillPoint => ({
  victim: "postgresql",
  place,
  event,
  errand,
});
const attica = (place: BreakpointPlace, event: EventType, errand: Errand): KillPoint => ({
  victim: "attica",
  place,
  event,
  errand,
});

/** Together they cover every transition of the life cycle, and every step of the money's way to the chain. */
export const killPoints: readonly KillPoint[] = [
  server("inside", "task.opened", paid),
  server("unanswered", "task.opened", paid),
  server("after", "round.opened", paid),
  server("inside", "task.awarded", paid),
  server("unanswered", "task.awarded", paid),
  server("after", "task.awarded", paid),
  server("inside", "task.running", paid),
  server("after", "task.running", paid),
  server("inside", "task.delivered", paid),
  server("unanswered", "task.delivered", paid),
  server("inside", "task.settled", paid),
  server("unanswered", "task.settled", paid),
  server("inside", "settlement.submitted", paid),
  server("after", "settlement.submitted", paid),
  server("inside", "settlement.confirmed", paid),
  server("inside", "task.claimed", claimed),
  server("inside", "task.settled", claimed),
  server("inside", "task.failed", ruled),
  server("inside", "task.cancelled", cancelled),
  server("unanswered", "task.expired", expired),
  server("inside", "task.failed", broken),
  postgresql("unanswered", "task.opened", paid),
  postgresql("inside", "task.awarded", paid),
  postgresql("unanswered", "task.awarded", paid),
  postgresql("unanswered", "task.delivered", paid),
  postgresql("unanswered", "task.settled", paid),
  postgresql("inside", "settlement.confirmed", paid),
  attica("after", "round.opened", paid),
  attica("after", "task.awarded", paid),
  // Started again within its grace it would keep the task, and wait at its gate.
  { ...attica("after", "task.running", handedOn), staysDown: true },
  attica("inside", "task.delivered", paid),
  { ...server("inside", "task.reopened", handedOn), dies: "attica", staysDown: true },
  { ...server("unanswered", "task.reopened", takenUpAgain), down: ["boeotia"], dies: "attica" },
  { ...server("inside", "task.failed", tooLate), down: ["boeotia"], dies: "attica", staysDown: true },
];
