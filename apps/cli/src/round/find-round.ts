import { parseHash, StoaError } from "@stoa/protocol";
import type { StoaClient } from "@stoa/sdk";

/** How many pages back a round is looked for by its first digits. */
const PAGES = 20;

/**
 * Finds a round's whole id by it or by its first digits.
 * @throws {StoaError} `not_found`, `malformed_id`
 */
export async function findRound(client: StoaClient, id: string): Promise<string> {
  const digits = id.toLowerCase();
  if (!/^0x[0-9a-f]{6,63}$/.test(digits)) return parseHash(id, "the round's id");
  let cursor: string | null = null;
  for (let page = 0; page < PAGES; page += 1) {
    const found: Awaited<ReturnType<StoaClient["rounds"]["list"]>> = await client.rounds.list({
      limit: 100,
      ...(cursor === null ? {} : { cursor }),
    });
    const matches = found.items.filter((round) => round.id.startsWith(digits));
    if (matches.length > 1)
      throw new StoaError("malformed_id", `several rounds begin with ${digits}: give more digits`);
    if (matches[0]) return matches[0].id;
    cursor = found.nextCursor;
    if (cursor === null) break;
  }
  throw new StoaError("not_found", `there is no round ${digits} among the last ${PAGES * 100}`);
}
