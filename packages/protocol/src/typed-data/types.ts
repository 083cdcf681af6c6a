import type { Address, Hash } from "../ids.ts";

/**
 * The EIP-712 structs of the market, as `contracts/src/libraries/TypedData.sol` has them;
 * `packages/chain/tests` compares the two type by type.
 */
export const typedDataTypes = {
  Order: [
    { name: "requester", type: "address" },
    { name: "operator", type: "address" },
    { name: "token", type: "address" },
    { name: "taskHash", type: "bytes32" },
    { name: "maxPrice", type: "uint256" },
    { name: "feeCapBps", type: "uint16" },
    { name: "royaltyCap", type: "uint256" },
    { name: "deliverBy", type: "uint64" },
    { name: "settleBy", type: "uint64" },
    { name: "nonce", type: "uint256" },
    { name: "resultKey", type: "bytes32" },
  ],
  SessionKey: [
    { name: "wallet", type: "address" },
    { name: "key", type: "address" },
    { name: "token", type: "address" },
    { name: "maxPerOrder", type: "uint256" },
    { name: "maxTotal", type: "uint256" },
    { name: "expiresAt", type: "uint64" },
    { name: "nonce", type: "uint256" },
  ],
  BidSheet: [
    { name: "roundId", type: "bytes32" },
    { name: "node", type: "address" },
    { name: "slots", type: "uint32" },
    { name: "bond", type: "uint256" },
    { name: "answersRoot", type: "bytes32" },
    { name: "expiresAt", type: "uint64" },
  ],
  SheetReceipt: [
    { name: "roundId", type: "bytes32" },
    { name: "node", type: "address" },
    { name: "answersRoot", type: "bytes32" },
  ],
  Award: [
    { name: "orderHash", type: "bytes32" },
    { name: "roundHash", type: "bytes32" },
    { name: "node", type: "address" },
    { name: "payout", type: "address" },
    { name: "creator", type: "address" },
    { name: "price", type: "uint256" },
    { name: "royalty", type: "uint256" },
  ],
  Receipt: [
    { name: "awardHash", type: "bytes32" },
    { name: "resultHash", type: "bytes32" },
  ],
  Acceptance: [
    { name: "orderHash", type: "bytes32" },
    { name: "resultHash", type: "bytes32" },
    { name: "price", type: "uint256" },
  ],
  HoldReceipt: [
    { name: "requester", type: "address" },
    { name: "token", type: "address" },
    { name: "orderHash", type: "bytes32" },
    { name: "cumulativeHeld", type: "uint256" },
  ],
  NodeLink: [
    { name: "node", type: "address" },
    { name: "provider", type: "address" },
    { name: "expiresAt", type: "uint64" },
  ],
  NodeConsent: [
    { name: "node", type: "address" },
    { name: "provider", type: "address" },
    { name: "nonce", type: "uint256" },
    { name: "expiresAt", type: "uint64" },
  ],
  Opening: [{ name: "roundId", type: "bytes32" }],
  Refusal: [
    { name: "awardHash", type: "bytes32" },
    { name: "reasonHash", type: "bytes32" },
  ],
  Publication: [
    { name: "creator", type: "address" },
    { name: "versionId", type: "bytes32" },
  ],
  Attestation: [
    { name: "escrow", type: "address" },
    { name: "escrowId", type: "uint256" },
    { name: "taskHash", type: "bytes32" },
    { name: "resultHash", type: "bytes32" },
  ],
  Voucher: [
    { name: "channelId", type: "bytes32" },
    { name: "amount", type: "uint256" },
  ],
} as const;

/** What a requester signs: pay at most `maxPrice`, fee included, for this task under this operator. */
export interface Order {
  requester: Address;
  operator: Address;
  token: Address;
  /** SHA-256 of the canonical task specification. */
  taskHash: Hash;
  maxPrice: bigint;
  feeCapBps: number;
  royaltyCap: bigint;
  /** Unix seconds. */
  deliverBy: bigint;
  /** Unix seconds; after it nothing can be settled any more. */
  settleBy: bigint;
  nonce: bigint;
  /** Key the result is encrypted to; zero when the result may be kept in the clear. */
  resultKey: Hash;
}

/** What a wallet signs once so that a key held by a program may order in its name, within limits. */
export interface SessionKey {
  wallet: Address;
  key: Address;
  token: Address;
  maxPerOrder: bigint;
  maxTotal: bigint;
  expiresAt: bigint;
  nonce: bigint;
}

/** What a node signs once per round: its slots, its bond per slot and the Merkle root over all its answers. */
export interface BidSheet {
  roundId: Hash;
  node: Address;
  slots: number;
  bond: bigint;
  answersRoot: Hash;
  /** Unix seconds until which its bids can be called on for a re-award. */
  expiresAt: bigint;
}

/** What the operator signs when it has a node's sheet: a receipted root missing from the record is proof against it. */
export interface SheetReceipt {
  roundId: Hash;
  node: Address;
  answersRoot: Hash;
}

/** What operator and node both sign: this node does this order at this price. */
export interface Award {
  orderHash: Hash;
  /** Outcome hash of the round (or supplement) that made the award. */
  roundHash: Hash;
  node: Address;
  /** Where the node's payment is credited. */
  payout: Address;
  creator: Address;
  /** p: what the requester is charged before the platform fee; the node gets `price - royalty`. */
  price: bigint;
  royalty: bigint;
}

/** What a node signs when it delivers. */
export interface Receipt {
  awardHash: Hash;
  resultHash: Hash;
}

/** What a requester (or its session key) signs when it has seen the result. */
export interface Acceptance {
  orderHash: Hash;
  resultHash: Hash;
  price: bigint;
}

/** What the operator signs so that a node can check that the order is covered. */
export interface HoldReceipt {
  requester: Address;
  token: Address;
  orderHash: Hash;
  /** All that is set aside for this requester: what orders hold, this one included, and what budgets have left. */
  cumulativeHeld: bigint;
}

/** What a provider's wallet signs to vouch for a node's own key. */
export interface NodeLink {
  node: Address;
  provider: Address;
  expiresAt: bigint;
}

/** What a node's own key signs so that a provider may register it on chain, once. */
export interface NodeConsent {
  node: Address;
  provider: Address;
  /** How often the node was registered before. */
  nonce: bigint;
  /** Unix seconds. */
  expiresAt: bigint;
}

/** What the operator signs when a round opens. */
export interface Opening {
  roundId: Hash;
}

/** What a node signs to turn an award down: a fault, by docs/auction.md. */
export interface Refusal {
  awardHash: Hash;
  reasonHash: Hash;
}

/** What a creator signs to publish an agent version. */
export interface Publication {
  creator: Address;
  versionId: Hash;
}

/** What a node signs that has checked a result for an escrow; its domain is the verifier that counts it. */
export interface Attestation {
  escrow: Address;
  escrowId: bigint;
  taskHash: Hash;
  resultHash: Hash;
}

/** What a channel's signer signs to pay: the payee may have `amount` of the channel in all, earlier vouchers included. */
export interface Voucher {
  channelId: Hash;
  amount: bigint;
}

export interface TypedMessages {
  Order: Order;
  SessionKey: SessionKey;
  BidSheet: BidSheet;
  SheetReceipt: SheetReceipt;
  Award: Award;
  Receipt: Receipt;
  Acceptance: Acceptance;
  HoldReceipt: HoldReceipt;
  NodeLink: NodeLink;
  NodeConsent: NodeConsent;
  Opening: Opening;
  Refusal: Refusal;
  Publication: Publication;
  Attestation: Attestation;
  Voucher: Voucher;
}

export type TypedName = keyof TypedMessages;
