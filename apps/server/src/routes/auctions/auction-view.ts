import { type AuctionSummary, type Hash, parseHash, StoaError } from "@stoa/protocol";
import { type AuctionRow, type Database, findAuction } from "@stoa/store";
import Type from "typebox";
import { toIso } from "../../http/pagination.ts";

/** The path of a route on one open auction. */
export const AuctionParamsSchema = Type.Object({ id: Type.String({ description: "an open auction's id" }) });

/** An open auction as lists show it: everything of it is public at once. */
export function auctionSummary(row: AuctionRow): AuctionSummary {
  const { id, taskId, capability, state, opening, openedAt, endsAt, lead, bids } = row;
  const { closedAt, closeReason, outcomeHash } = row;
  return {
    id,
    taskId,
    capability,
    state,
    reserve: opening.reserve,
    decrement: opening.decrement,
    nodes: opening.asked.length,
    bids,
    lead,
    openedAt: toIso(openedAt),
    endsAt: toIso(endsAt),
    hardEndAt: toIso(opening.hardEndAt),
    softCloseMs: opening.softCloseMs,
    ...(closedAt !== null && { closedAt: toIso(closedAt) }),
    ...(closeReason !== null && { closeReason }),
    ...(outcomeHash !== null && { outcomeHash }),
  };
}

/**
 * The open auction of a path.
 * @throws {StoaError} `malformed_id`, `not_found`
 */
export async function requireAuction(database: Database, text: string): Promise<AuctionRow> {
  const id: Hash = parseHash(text, "an auction's id");
  const auction = await findAuction(database, id);
  if (!auction) throw new StoaError("not_found", `there is no open auction ${id}`);
  return auction;
}
