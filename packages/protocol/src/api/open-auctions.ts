import Type, { type Static } from "typebox";
import { OpenAuctionRecordSchema, OpenSupplementSchema } from "../open-auction-record.ts";
import { AddressSchema, AmountSchema, CapabilitySchema, HashSchema, TimeSchema } from "../schema-parts.ts";
import { awardFields } from "./auctions.ts";
import { Nullable, pageOf, pageQuery } from "./page.ts";

const strict = { additionalProperties: false } as const;

export const auctionStates = ["open", "closed"] as const;
export type AuctionState = (typeof auctionStates)[number];
const AuctionStateSchema = Type.Unsafe<AuctionState>(Type.String({ enum: [...auctionStates] }));

/** `GET /auctions`. */
export const ListAuctionsQuerySchema = Type.Object(
  {
    capability: Type.Optional(CapabilitySchema),
    state: Type.Optional(AuctionStateSchema),
    task: Type.Optional(Type.Unsafe<string>({ ...HashSchema, description: "only those over this task" })),
    ...pageQuery,
  },
  strict,
);
export type ListAuctionsQuery = Static<typeof ListAuctionsQuerySchema>;

const bidFields = {
  number: Type.Integer(),
  node: AddressSchema,
  agentVersion: HashSchema,
  ask: AmountSchema,
  royalty: AmountSchema,
  price: Type.Unsafe<string>({
    ...AmountSchema,
    description: "ask and royalty: what the requester pays before the fee",
  }),
};

const auctionFields = {
  id: HashSchema,
  taskId: HashSchema,
  capability: CapabilitySchema,
  state: AuctionStateSchema,
  reserve: Type.Unsafe<string>({ ...AmountSchema, description: "the highest bid taken" }),
  decrement: Type.Unsafe<string>({ ...AmountSchema, description: "the least a bid undercuts the lead by" }),
  nodes: Type.Integer({ description: "nodes asked" }),
  bids: Type.Integer(),
  lead: Nullable(Type.Object(bidFields)),
  openedAt: TimeSchema,
  endsAt: Type.Unsafe<string>({ ...TimeSchema, description: "as it stands now: a late bid extends it" }),
  hardEndAt: TimeSchema,
  softCloseMs: Type.Integer(),
  closedAt: Type.Optional(TimeSchema),
  closeReason: Type.Optional(Type.String()),
  outcomeHash: Type.Optional(HashSchema),
};

/** An open auction as lists show it. */
export const AuctionSummarySchema = Type.Object(auctionFields, { title: "AuctionSummary" });
export type AuctionSummary = Static<typeof AuctionSummarySchema>;
export const AuctionPageSchema = pageOf(AuctionSummarySchema, "AuctionPage");

/** `GET /auctions/:id`; a closed one says what it awarded, re-awards included. */
export const AuctionSchema = Type.Object(
  {
    ...auctionFields,
    awards: Type.Optional(Type.Array(Type.Object(awardFields))),
  },
  { title: "Auction" },
);
export type Auction = Static<typeof AuctionSchema>;

/** `GET /auctions/:id/bids`: public at once, in the order they were taken. */
export const AuctionBidsSchema = Type.Object(
  {
    auctionId: HashSchema,
    bids: Type.Array(Type.Object({ ...bidFields, promisedSeconds: Type.Integer(), at: TimeSchema })),
    passes: Type.Array(
      Type.Object({ node: AddressSchema, reason: Type.String(), sentence: Type.String(), at: TimeSchema }),
      { description: "nodes that bid no more" },
    ),
    silent: Type.Array(AddressSchema, { description: "nodes asked that have said nothing" }),
  },
  { title: "AuctionBids" },
);
export type AuctionBids = Static<typeof AuctionBidsSchema>;

/** `GET /auctions/:id/record`: what anyone needs to check the auction again; only once it is closed. */
export const PublishedAuctionSchema = Type.Object(
  {
    auctionId: HashSchema,
    outcomeHash: HashSchema,
    record: OpenAuctionRecordSchema,
    supplements: Type.Array(
      Type.Object({
        hash: HashSchema,
        taskId: HashSchema,
        previousHash: HashSchema,
        record: OpenSupplementSchema,
        madeAt: TimeSchema,
      }),
      { description: "re-awards after a fault, oldest first" },
    ),
  },
  { title: "PublishedAuction" },
);
export type PublishedAuction = Static<typeof PublishedAuctionSchema>;
