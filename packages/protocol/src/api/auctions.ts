import Type, { type Static } from "typebox";
import { RoundRecordSchema, SupplementSchema } from "../round-record.ts";
import { AddressSchema, AmountSchema, CapabilitySchema, HashSchema, TimeSchema } from "../schema-parts.ts";
import { Nullable, pageOf, pageQuery } from "./page.ts";

const strict = { additionalProperties: false } as const;

export const roundStates = ["open", "closed"] as const;
export type RoundState = (typeof roundStates)[number];
const RoundStateSchema = Type.Unsafe<RoundState>(Type.String({ enum: [...roundStates] }));

/** `GET /auctions/rounds`. */
export const ListRoundsQuerySchema = Type.Object(
  { capability: Type.Optional(CapabilitySchema), state: Type.Optional(RoundStateSchema), ...pageQuery },
  strict,
);
export type ListRoundsQuery = Static<typeof ListRoundsQuerySchema>;

const roundFields = {
  id: HashSchema,
  capability: CapabilitySchema,
  state: RoundStateSchema,
  openedAt: TimeSchema,
  closesAt: TimeSchema,
  tasks: Type.Integer({ description: "tasks cleared together" }),
  nodes: Type.Integer({ description: "nodes asked" }),
  closedAt: Type.Optional(TimeSchema),
  closeReason: Type.Optional(Type.String()),
  outcomeHash: Type.Optional(HashSchema),
};

/** A round as lists show it: nothing about bids, whatever its state. */
export const RoundSummarySchema = Type.Object(roundFields, { title: "RoundSummary" });
export type RoundSummary = Static<typeof RoundSummarySchema>;
export const RoundPageSchema = pageOf(RoundSummarySchema, "RoundPage");

/** Where a closed round's outcome hash stands on chain: under its own anchor, or under a later round's of its capability. */
export const RoundAnchorSchema = Type.Object({
  /** The outcome hash that was anchored. */
  head: HashSchema,
  position: Type.Integer({ description: "how many rounds of the capability it ends" }),
  txHash: HashSchema,
  blockNumber: Type.Integer(),
});
export type RoundAnchor = Static<typeof RoundAnchorSchema>;

/** What an award says wherever its task is named beside it. */
export const awardFields = {
  awardHash: HashSchema,
  node: AddressSchema,
  agentVersion: HashSchema,
  price: AmountSchema,
  royalty: AmountSchema,
  madeAt: TimeSchema,
};

/** `GET /auctions/rounds/:id`; a closed one says what it awarded. */
export const RoundSchema = Type.Object(
  {
    ...roundFields,
    anchor: Nullable(RoundAnchorSchema),
    awards: Type.Optional(Type.Array(Type.Object({ taskId: HashSchema, ...awardFields }))),
  },
  { title: "Round" },
);
export type Round = Static<typeof RoundSchema>;

/** `GET /auctions/rounds/:id/bids`: what every asked node answered; only once the round is closed. */
export const RoundBidsSchema = Type.Object(
  {
    roundId: HashSchema,
    bids: Type.Array(
      Type.Object({
        node: AddressSchema,
        taskId: HashSchema,
        agentVersion: HashSchema,
        ask: AmountSchema,
        promisedSeconds: Type.Integer(),
      }),
    ),
    passes: Type.Array(
      Type.Object({ node: AddressSchema, taskId: HashSchema, reason: Type.String(), sentence: Type.String() }),
    ),
    silent: Type.Array(AddressSchema, { description: "nodes asked that did not answer in time" }),
  },
  { title: "RoundBids" },
);
export type RoundBids = Static<typeof RoundBidsSchema>;

/** `GET /auctions/rounds/:id/record`: what anyone needs to check the round again; only once it is closed. */
export const PublishedRoundSchema = Type.Object(
  {
    roundId: HashSchema,
    outcomeHash: HashSchema,
    record: RoundRecordSchema,
    supplements: Type.Array(
      Type.Object({
        hash: HashSchema,
        taskId: HashSchema,
        previousHash: HashSchema,
        record: SupplementSchema,
        madeAt: TimeSchema,
      }),
      { description: "re-awards after a fault, oldest first" },
    ),
  },
  { title: "PublishedRound" },
);
export type PublishedRound = Static<typeof PublishedRoundSchema>;

/** `GET /auctions/chains/:capability`. */
export const ListChainQuerySchema = Type.Object(
  {
    /** The outcome hash to start from; the newest when absent. */
    from: Type.Optional(HashSchema),
    ...pageQuery,
  },
  strict,
);
export type ListChainQuery = Static<typeof ListChainQuerySchema>;

/** A closed round in its capability's chain of hashes: its record names the hash of the one before. */
export const ChainLinkSchema = Type.Object(
  {
    roundId: HashSchema,
    outcomeHash: HashSchema,
    previousHash: HashSchema,
    closedAt: TimeSchema,
    supplements: Type.Array(HashSchema, { description: "hashes of its re-awards, oldest first" }),
  },
  { title: "ChainLink" },
);
export type ChainLink = Static<typeof ChainLinkSchema>;
export const ChainPageSchema = pageOf(ChainLinkSchema, "ChainPage");
