import Type, { type Static } from "typebox";
import { AddressSchema, AmountSchema } from "../schema-parts.ts";

/** `GET /api/v1/market`: what a client must know to sign an order, a bid or a deposit here. */
export const MarketInfoSchema = Type.Object(
  {
    chainId: Type.Integer({ minimum: 1 }),
    /** JSON-RPC endpoint clients may use; absent when the operator publishes none. */
    rpcUrl: Type.Optional(Type.String()),
    vault: AddressSchema,
    /** Where the chains of rounds are anchored; absent when they are not. */
    anchors: Type.Optional(AddressSchema),
    /** Pays the gas of wallets that have none, by `POST /api/v1/gasless`; absent when this market pays nobody's. */
    paymaster: Type.Optional(AddressSchema),
    token: Type.Object({
      address: AddressSchema,
      symbol: Type.String(),
      decimals: Type.Integer({ minimum: 0, maximum: 18 }),
    }),
    operator: AddressSchema,
    /** Whom a workflow's wallet authorises to order its steps; absent when this market runs none. */
    workflowRunner: Type.Optional(AddressSchema),
    feeBps: Type.Integer({ minimum: 0, maximum: 1_000 }),
    /** Longest time a withdrawal waits; an order must settle within it. */
    withdrawDelaySeconds: Type.Integer(),
    challengeWindowSeconds: Type.Integer(),
    /** How long a requester has to accept before the claim goes on chain. */
    approvalWindowSeconds: Type.Integer(),
    roundWindowMs: Type.Integer(),
    /** How tasks that ask for an open auction are auctioned. */
    openAuctions: Type.Optional(
      Type.Object({
        windowMs: Type.Integer(),
        softCloseMs: Type.Integer({ description: "a bid this close to the end moves it by as much" }),
        longestMs: Type.Integer(),
        decrementBps: Type.Integer({ description: "least step of a bid, in basis points of the reserve" }),
        ruleVersion: Type.Integer(),
      }),
    ),
    minBond: AmountSchema,
    ruleVersion: Type.Integer(),
    limits: Type.Record(Type.String(), Type.Integer()),
    /** libp2p multiaddrs nodes dial. */
    network: Type.Object({ addresses: Type.Array(Type.String()) }),
    version: Type.String(),
  },
  { title: "MarketInfo" },
);
export type MarketInfo = Static<typeof MarketInfoSchema>;
