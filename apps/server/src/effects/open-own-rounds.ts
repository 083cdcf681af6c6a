import type { AskedNode, OpenedRound } from "@stoa/market";
import type { EventRecord, RoundId } from "@stoa/protocol";
import type { RoundAnnouncer } from "./announce-rounds.ts";
import type { EffectContext } from "./effect-context.ts";

/** Own rounds are told apart from others' when their events come, which is soon. */
const MOST_REMEMBERED = 1_000;

/** Opens rounds of this server, and announces here those that other servers open. */
export interface OwnRounds {
  /** Opens a round of a capability, one at a time for each. */
  open(capability: string, asked: readonly AskedNode[]): Promise<OpenedRound | null>;
  /** Tells that a round was opened, by whoever. */
  opened(round: EventRecord<"round.opened">["data"]): void;
  isOwn(roundId: RoundId): boolean;
}

export function openOwnRounds(
  { market }: Pick<EffectContext, "market">,
  announcer: Pick<RoundAnnouncer, "announceOther">,
): OwnRounds {
  /** While a round of a capability is being opened: its rounds that opened meanwhile, by whoever. */
  const opening = new Map<string, RoundId[]>();
  /** The latest rounds this server opened. */
  const own = new Set<RoundId>();

  function remember(roundId: RoundId): void {
    own.add(roundId);
    const [oldest] = own;
    if (oldest && own.size > MOST_REMEMBERED) own.delete(oldest);
  }

  return {
    async open(capability, asked) {
      const opened: RoundId[] = [];
      opening.set(capability, opened);
      let round: OpenedRound | null = null;
      try {
        round = await market.openRound({ capability, asked });
      } finally {
        for (const roundId of opened) if (roundId !== round?.roundId) announcer.announceOther(roundId);
        opening.delete(capability);
      }
      if (round) remember(round.roundId);
      return round;
    },
    opened({ roundId, capability }) {
      const meanwhile = opening.get(capability);
      if (meanwhile) meanwhile.push(roundId as RoundId);
      else if (!own.has(roundId as RoundId)) announcer.announceOther(roundId as RoundId);
    },
    isOwn: (roundId) => own.has(roundId),
  };
}
