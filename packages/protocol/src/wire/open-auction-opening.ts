import Type, { type Static } from "typebox";
import { hashJson } from "../content-hash.ts";
import type { Hash } from "../ids.ts";
import { limits } from "../limits.ts";
import { AddressSchema, AmountSchema } from "../schema-parts.ts";
import { OpeningTaskSchema } from "./round-opening.ts";

/** Far more than the decrement, a part of the reserve, leaves room for. */
export const MAX_OPEN_BIDS = 100_000;

const strict = { additionalProperties: false } as const;
const EpochMs = Type.Integer({ minimum: 0, maximum: 2 ** 50, description: "epoch milliseconds" });

/** The message that opens an open descending auction over one task; its SHA-256 is the auction's id. */
export const OpenAuctionOpeningSchema = Type.Object(
  {
    segment: Type.String({
      pattern: "^open:[a-z][a-z0-9]*(\\.[a-z][a-z0-9]*)+$",
      maxLength: 69,
      description: "open: and the task's capability; its auctions form a chain of hashes",
    }),
    ruleVersion: Type.Integer({ minimum: 1 }),
    feeBps: Type.Integer({ minimum: 0, maximum: limits.maxFeeBps }),
    domain: Type.Object({ chainId: Type.Integer({ minimum: 1 }), vault: AddressSchema }, strict),
    operator: AddressSchema,
    task: OpeningTaskSchema,
    asked: Type.Array(Type.Object({ node: AddressSchema, provider: AddressSchema }, strict), {
      minItems: 1,
      maxItems: 10_000,
    }),
    reserve: AmountSchema,
    decrement: AmountSchema,
    openedAt: EpochMs,
    endsAt: EpochMs,
    softCloseMs: Type.Integer({ minimum: 0, maximum: 3_600_000 }),
    hardEndAt: EpochMs,
  },
  strict,
);

/** Who leads an open auction, and for how much: ask and royalty. */
export const OpenLeadSchema = Type.Object(
  { number: Type.Integer({ minimum: 1, maximum: MAX_OPEN_BIDS }), node: AddressSchema, price: AmountSchema },
  strict,
);

export type OpenAuctionOpening = Static<typeof OpenAuctionOpeningSchema>;
export type OpenLeadView = Static<typeof OpenLeadSchema>;

/**
 * The id of one bid of an open auction, which is the `roundId` its sheet signs: a node may sign lower and lower asks in
 * one auction, and two different sheets under one id stay proof against it.
 */
export function openBidId(auctionId: Hash, number: number): Hash {
  return hashJson({ auctionId, bid: number });
}
