import { parseHash, StoaError } from "@stoa/protocol";
import type { StoaClient } from "@stoa/sdk";

/** How many pages back an auction is looked for by its first digits. */
const PAGES = 20;
/** 0x and 64 digits. */
const WHOLE = 66;

/**
 * Finds an open auction's whole id by it or by its first digits; those of the task it is over find its last auction.
 * @throws {StoaError} `not_found`, `malformed_id`
 */
export async function findAuction(client: StoaClient, id: string): Promise<string> {
  const digits = id.toLowerCase();
  if (!/^0x[0-9a-f]{6,64}$/.test(digits)) return parseHash(id, "the auction's id");
  if (digits.length === WHOLE) return (await client.auctions.list({ task: digits, limit: 1 })).items[0]?.id ?? digits;
  let cursor: string | null = null;
  for (let page = 0; page < PAGES; page += 1) {
    const found: Awaited<ReturnType<StoaClient["auctions"]["list"]>> = await client.auctions.list({
      limit: 100,
      ...(cursor === null ? {} : { cursor }),
    });
    const matches = found.items.filter((auction) => auction.id.startsWith(digits));
    if (matches.length > 1)
      throw new StoaError("malformed_id", `several auctions begin with ${digits}: give more digits`);
    // The newest comes first: a task that is auctioned again is followed where it stands now.
    const match = matches[0] ?? found.items.find((auction) => auction.taskId.startsWith(digits));
    if (match) return match.id;
    cursor = found.nextCursor;
    if (cursor === null) break;
  }
  throw new StoaError("not_found", `there is no open auction ${digits} among the last ${PAGES * 100}`);
}
