import type { RoundId, RoundOpening, Signature } from "@stoa/protocol";
import type { MarketContext } from "../context.ts";

/** What the asked nodes of an open round are sent, whichever process opened it; null when it is not open any more. */
export async function announcementOf(
  { database }: MarketContext,
  roundId: RoundId,
): Promise<{ opening: RoundOpening; signature: Signature } | null> {
  const [round] = await database.query<{ opening: RoundOpening; signature: Signature }>(
    "select opening, opening_signature as signature from rounds where id = $1 and state = 'open'",
    [roundId],
  );
  return round ?? null;
}
