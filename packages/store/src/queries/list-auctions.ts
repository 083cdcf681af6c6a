import type { Address, AuctionState, Hash, OpenAuctionOpening, TaskId } from "@stoa/protocol";
import type { Queryable } from "../database/database.ts";
import { type Position, positionParams } from "./position.ts";

/** The lead of an open auction as it is kept: amounts as text. */
export interface AuctionLead {
  number: number;
  node: Address;
  agentVersion: Hash;
  ask: string;
  royalty: string;
  price: string;
}

/** An open auction, all of which is public. */
export interface AuctionRow {
  id: Hash;
  taskId: TaskId;
  capability: string;
  state: AuctionState;
  opening: OpenAuctionOpening;
  openedAt: number;
  endsAt: number;
  lead: AuctionLead | null;
  bids: number;
  closedAt: number | null;
  closeReason: string | null;
  outcomeHash: Hash | null;
}

export interface AuctionFilter {
  capability?: string | undefined;
  state?: AuctionState | undefined;
  taskId?: string | undefined;
  after?: Position | undefined;
  limit: number;
}

/** Open auctions, the newest first. */
export function listAuctions(database: Queryable, filter: AuctionFilter): Promise<AuctionRow[]> {
  const { capability, state, taskId, after, limit } = filter;
  return database.query<AuctionRow>(
    `select ${COLUMNS} from open_auctions
      where ($1::text is null or capability = $1) and ($2::text is null or state = $2)
        and ($3::text is null or task_id = $3)
        and ($4::timestamptz is null or (opened_at, id) < ($4, $5::text))
      order by opened_at desc, id desc limit $6`,
    [capability ?? null, state ?? null, taskId ?? null, ...positionParams(after), limit],
  );
}

/** One open auction. */
export async function findAuction(database: Queryable, id: Hash): Promise<AuctionRow | undefined> {
  const [row] = await database.query<AuctionRow>(`select ${COLUMNS} from open_auctions where id = $1`, [id]);
  return row;
}

const COLUMNS = `id, task_id as "taskId", capability, state, opening, opened_at as "openedAt", ends_at as "endsAt", lead,
       bids, closed_at as "closedAt", close_reason as "closeReason", outcome_hash as "outcomeHash"`;
