import Type, { type Static } from "typebox";
import { AddressSchema, AmountSchema, HashSchema, SignatureSchema } from "./schema-parts.ts";
import { NodeFaultSchema, RecordVersionSchema } from "./round-record.ts";
import { SheetAnswerSchema } from "./wire/node-messages.ts";
import { MAX_OPEN_BIDS, OpenAuctionOpeningSchema } from "./wire/open-auction-opening.ts";
import { BidSheetSchema, NodeLinkSchema } from "./wire-order.ts";

const strict = { additionalProperties: false } as const;
const EpochMs = Type.Integer({ minimum: 0, maximum: 2 ** 50, description: "epoch milliseconds" });

/** One bid or pass, as it was signed and receipted: a sheet with the one answer. */
export const OpenOfferSchema = Type.Object(
  {
    at: EpochMs,
    sheet: BidSheetSchema,
    signature: SignatureSchema,
    answer: SheetAnswerSchema,
    receipt: SignatureSchema,
  },
  strict,
);

/** What the task was given: the lead's own bid. Amounts in the token's smallest unit. */
export const OpenAwardSchema = Type.Object(
  {
    orderHash: HashSchema,
    node: AddressSchema,
    agentVersion: HashSchema,
    number: Type.Integer({ minimum: 1, maximum: MAX_OPEN_BIDS, description: "of the bid it was given for" }),
    ask: AmountSchema,
    royalty: AmountSchema,
    price: AmountSchema,
    fee: AmountSchema,
    charge: AmountSchema,
  },
  strict,
);

/** Why an auction ended: its time was over, all nodes but the lead were out, or its task was gone. */
export const OpenCloseReasonSchema = Type.Union([
  Type.Literal("ended"),
  Type.Literal("all_out"),
  Type.Literal("withdrawn"),
]);

/** Everything an open auction was decided by and all it decided; `outcomeHash` covers every byte of it. */
export const OpenAuctionBodySchema = Type.Object(
  {
    opening: OpenAuctionOpeningSchema,
    openingSignature: SignatureSchema,
    nodes: Type.Array(Type.Object({ link: NodeLinkSchema, linkSignature: SignatureSchema }, strict), {
      description: "in the order of the opening's asked nodes",
    }),
    versions: Type.Array(RecordVersionSchema, { description: "every version bid with, sorted by id" }),
    offers: Type.Array(OpenOfferSchema, { description: "bids and passes in the order they were taken" }),
    close: Type.Object(
      {
        at: EpochMs,
        reason: OpenCloseReasonSchema,
        previousHash: HashSchema,
      },
      strict,
    ),
    outcome: Type.Object({ award: Type.Union([OpenAwardSchema, Type.Null()]) }, strict),
  },
  strict,
);

/** An open auction's public record: anyone can check it with `verifyAuction`. */
export const OpenAuctionRecordSchema = Type.Object(
  { auctionId: HashSchema, outcomeHash: HashSchema, body: OpenAuctionBodySchema },
  { ...strict, title: "OpenAuctionRecord" },
);

/** A re-award, chained to its auction: what happened when a winner failed. */
export const OpenSupplementSchema = Type.Object(
  {
    auctionId: HashSchema,
    previousHash: HashSchema,
    fault: Type.Object({ node: AddressSchema, orderHash: HashSchema, reason: NodeFaultSchema, at: EpochMs }, strict),
    forfeited: OpenAwardSchema,
    candidates: Type.Array(AddressSchema, {
      description: "nodes with an unexpired bid, a free slot and no failure on this task",
    }),
    award: Type.Union([OpenAwardSchema, Type.Null()]),
    damages: Type.Object({ owed: AmountSchema, toRequester: AmountSchema, toFaultPool: AmountSchema }, strict),
  },
  { ...strict, title: "OpenSupplement" },
);

export type OpenOffer = Static<typeof OpenOfferSchema>;
export type OpenAward = Static<typeof OpenAwardSchema>;
export type OpenCloseReason = Static<typeof OpenCloseReasonSchema>;
export type OpenAuctionBody = Static<typeof OpenAuctionBodySchema>;
export type OpenAuctionRecord = Static<typeof OpenAuctionRecordSchema>;
export type OpenSupplement = Static<typeof OpenSupplementSchema>;
