import Type, { type Static } from "typebox";

const Block = Type.Integer({ minimum: 0 });

/** `GET /api/v1/market/chain`: how far the market has read its chain. */
export const ChainSyncSchema = Type.Object(
  {
    chainId: Type.Integer({ minimum: 1 }),
    /** The chain's newest block. */
    head: Block,
    /** Where the market begins to read: nothing of it is older. */
    firstBlock: Block,
    /** How many blocks must be on top of one before the ledger takes its events. */
    confirmations: Type.Integer({ minimum: 0 }),
    /** The newest block that was read; null before the first. */
    indexed: Type.Union([Block, Type.Null()]),
    /** The newest block whose events the ledger has taken; null before the first. */
    ledger: Type.Union([Block, Type.Null()]),
  },
  { title: "ChainSync" },
);
export type ChainSync = Static<typeof ChainSyncSchema>;
