import type { Asides, OpenedRound } from "@stoa/market";
import type { Address, Hash, RoundId } from "@stoa/protocol";
import type { RoundAnnouncer } from "./announce-rounds.ts";
import type { EffectContext } from "./effect-context.ts";
import type { Punctuality } from "./punctuality.ts";
import { untilInstant } from "./until-instant.ts";

/** What a node told beside its sheet: what tasks it passed on would cost. */
export type ToldCosts = ReadonlyMap<Hash, bigint>;

/** How a round's answers came in. */
export interface Gathered {
  reason: "all_answered" | "window_elapsed";
  asides: Asides;
}

/** Announces rounds and collects their answers; every round for itself, none waits for another. */
export interface SheetGathering {
  /** Resolves when every node waited for has answered, or the round's window is over. */
  gather(round: OpenedRound): Promise<Gathered>;
  /**
   * Tells that a node's sheet was taken.
   * @returns false when the round is none of those gathered here
   */
  answered(roundId: RoundId, node: Address, costs: ToldCosts): boolean;
  /** Tells that a node's sheet was turned away because its stake does not cover it. */
  stakeTooSmall(roundId: RoundId, node: Address): void;
}

interface OpenRound {
  /** Nodes that have not answered. */
  silent: Set<Address>;
  /** Those of them that are waited for. */
  left: Set<Address>;
  openedAt: number;
  windowMs: number;
  costs: Map<Address, ToldCosts>;
  stakeTooSmall: Set<Address>;
  done: () => void;
}

type GatheringContext = Pick<EffectContext, "signal"> & {
  market: Pick<EffectContext["market"], "now">;
  announcer: Pick<RoundAnnouncer, "announce">;
};

export function gatherSheets(
  { market, announcer, signal }: GatheringContext,
  punctuality: Punctuality,
): SheetGathering {
  const rounds = new Map<RoundId, OpenRound>();

  async function gather(round: OpenedRound): Promise<Gathered> {
    const { roundId, opening } = round;
    const everybody = Promise.withResolvers<"all_answered">();
    const asked = opening.asked.map(({ node }) => node);
    const open: OpenRound = {
      silent: new Set(asked),
      left: new Set(round.waitedFor),
      openedAt: opening.openedAt,
      windowMs: opening.windowMs,
      costs: new Map(),
      stakeTooSmall: new Set(),
      done: () => everybody.resolve("all_answered"),
    };
    rounds.set(roundId, open);
    const over = new AbortController();
    try {
      announcer.announce(round);
      const windowEnd = untilInstant(market, round.closesAt, AbortSignal.any([signal, over.signal]));
      windowEnd.catch(() => undefined);
      const reason = await Promise.race([everybody.promise, windowEnd.then(() => "window_elapsed" as const)]);
      // When the round closes early, who was not waited for had no chance to be in time.
      for (const node of reason === "window_elapsed" ? open.silent : open.left) punctuality.record(node, false);
      return { reason, asides: open };
    } finally {
      over.abort();
      rounds.delete(roundId);
    }
  }

  return {
    gather,
    answered(roundId, node, costs) {
      const open = rounds.get(roundId);
      if (!open) return false;
      if (!open.silent.delete(node)) return true;
      punctuality.record(node, market.now() - open.openedAt <= open.windowMs / 2);
      open.costs.set(node, costs);
      const wasLast = open.left.delete(node) && open.left.size === 0;
      if (wasLast || open.silent.size === 0) open.done();
      return true;
    },
    stakeTooSmall(roundId, node) {
      const open = rounds.get(roundId);
      if (open?.silent.has(node)) open.stakeTooSmall.add(node);
    },
  };
}
