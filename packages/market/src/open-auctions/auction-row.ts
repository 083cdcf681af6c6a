import type { OpenAuctionState, OpenLead } from "@stoa/core";
import type { Address, AuctionState, Hash } from "@stoa/protocol";
import type { AuctionLead, Queryable } from "@stoa/store";

/** How an open auction stands in the database. */
export interface AuctionStanding {
  state: AuctionState;
  /** Bids and passes. */
  offers: number;
  bidding: OpenAuctionState;
}

interface Row {
  state: AuctionState;
  endsAt: number;
  lead: AuctionLead | null;
  bids: number;
  offers: number;
  passed: Address[];
  lastAt: number;
}

/** Reads how an auction stands; undefined when there is none of this id. */
export async function standingOf(database: Queryable, auctionId: Hash): Promise<AuctionStanding | undefined> {
  const [row] = await database.query<Row>(
    `select state, ends_at as "endsAt", lead, bids, offers, passed, last_at as "lastAt" from open_auctions where id = $1`,
    [auctionId],
  );
  if (!row) return undefined;
  const { state, offers, endsAt, bids, passed, lastAt } = row;
  const lead = row.lead && leadOf(row.lead);
  return { state, offers, bidding: { phase: "open", endsAt, lead, bids, out: passed, lastAt } };
}

/** Writes how an auction stands after one more offer. */
export function writeStanding(tx: Queryable, auctionId: Hash, state: OpenAuctionState): Promise<unknown> {
  return tx.query(
    `update open_auctions set ends_at = $2::timestamptz, lead = $3::jsonb, bids = $4, offers = offers + 1, passed = $5,
            last_at = $6::timestamptz
      where id = $1 and state = 'open'`,
    [
      auctionId,
      new Date(state.endsAt).toISOString(),
      state.lead && JSON.stringify(leadText(state.lead)),
      state.bids,
      [...state.out],
      new Date(state.lastAt).toISOString(),
    ],
  );
}

function leadOf({ ask, royalty, price, ...lead }: AuctionLead): OpenLead {
  return { ...lead, ask: BigInt(ask), royalty: BigInt(royalty), price: BigInt(price) };
}

function leadText({ ask, royalty, price, ...lead }: OpenLead): AuctionLead {
  return { ...lead, ask: ask.toString(), royalty: royalty.toString(), price: price.toString() };
}
