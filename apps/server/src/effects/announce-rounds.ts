import type { OpenedRound } from "@stoa/market";
import type { NodeId, RoundId } from "@stoa/protocol";
import type { EffectContext } from "./effect-context.ts";

/** Rounds whose end is awaited; more are open at once in no market. */
const MOST_KEPT = 1_000;

/** Tells the nodes connected here of rounds, whichever server runs them. */
export interface RoundAnnouncer {
  /** Sends a round of this server to those of its asked nodes that are connected here. */
  announce(round: Pick<OpenedRound, "roundId" | "opening" | "signature">): void;
  /** The same for a round of another server, read from the database. */
  announceOther(roundId: RoundId): void;
  /** Tells those that were sent a round that it is over. */
  closed(roundId: RoundId): void;
}

export function announceRounds({ market, hub, log }: Pick<EffectContext, "market" | "hub" | "log">): RoundAnnouncer {
  const told = new Map<RoundId, NodeId[]>();

  function announce({ roundId, opening, signature }: Pick<OpenedRound, "roundId" | "opening" | "signature">): void {
    const nodes = opening.asked.map(({ node }) => node as NodeId);
    // One object: it is written as text once.
    const message = { type: "round.opened" as const, opening, signature, roundId };
    const sent = nodes.filter((node) => hub.send(node, message));
    if (sent.length === 0) return;
    told.set(roundId, sent);
    const [oldest] = told.keys();
    if (oldest && told.size > MOST_KEPT) told.delete(oldest);
  }

  return {
    announce,
    announceOther(roundId) {
      market.announcementOf(roundId).then(
        (round) => round && announce({ roundId, ...round }),
        // The nodes here do not answer then, and the round is closed at its window's end.
        (error: unknown) => log.warn({ err: error, roundId }, "another server's round could not be announced"),
      );
    },
    closed(roundId) {
      const message = { type: "round.closed" as const, roundId };
      for (const node of told.get(roundId) ?? []) hub.send(node, message);
      told.delete(roundId);
    },
  };
}
