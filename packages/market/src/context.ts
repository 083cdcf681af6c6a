import type { OpenAuctionTerms } from "@stoa/core";
import type { Address, OpenAuctionOpening, RoundOpening, Signer, SigningDomain } from "@stoa/protocol";
import type { Database } from "@stoa/store";
import type { Lane } from "./lane/lane.ts";
import type { Reads } from "./reads/open-reads.ts";
import type { Openings } from "./rounds/openings.ts";

/** What is fixed about a market while it runs; published at `GET /api/v1/market`. Amounts in the token's smallest unit. */
export interface MarketTerms {
  domain: SigningDomain;
  token: Address;
  feeBps: number;
  /** Whose vault balance mirrors the ledger's `platform`. */
  feeRecipient: Address;
  /** Whose vault balance mirrors the ledger's `faults`. */
  faultPool: Address;
  withdrawDelaySeconds: number;
  challengeWindowSeconds: number;
  /** How long a requester has to accept before the claim goes on chain. */
  approvalWindowSeconds: number;
  roundWindowMs: number;
  /** How tasks that ask for it are auctioned openly. */
  openAuctions: OpenAuctionTerms;
  /** Least bond per slot a node's sheet may carry. */
  minBond: bigint;
}

/** What every use case is given. */
export interface MarketContext {
  database: Database;
  lane: Lane;
  openings: Openings<RoundOpening>;
  auctionOpenings: Openings<OpenAuctionOpening>;
  reads: Reads;
  terms: MarketTerms;
  /** Signs openings, receipts, awards and hold receipts. */
  operator: Signer;
  /** Signs the orders and acceptances of workflows, under their wallets' grants; a market without one takes none. */
  runner: Signer | undefined;
  /** The market's time, epoch milliseconds; what a batch decides by is its own instant. */
  clock: () => number;
}
