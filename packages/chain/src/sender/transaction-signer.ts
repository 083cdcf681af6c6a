import type { AccessList, Hex, SignedAuthorizationList } from "viem";
import type { Address } from "@stoa/protocol";

/** All that a signature of a transaction is over. */
export type UnsignedTransaction = PlainTransaction | DelegatingTransaction;

/** One that brings wallets' delegations into force. */
export interface DelegatingTransaction extends Omit<PlainTransaction, "type"> {
  type: "eip7702";
  authorizationList: SignedAuthorizationList;
}

export interface PlainTransaction {
  type: "eip1559";
  chainId: number;
  nonce: number;
  /** Absent for a deployment. */
  to?: Address;
  data: Hex;
  value: bigint;
  gas: bigint;
  maxFeePerGas: bigint;
  maxPriorityFeePerGas: bigint;
  /** What is said beforehand to be touched, since that is cheaper. */
  accessList?: AccessList;
}

/** Holds a key, or knows who does: a viem `LocalAccount` is one. */
export interface TransactionSigner {
  readonly address: Address;
  /** @returns the signed bytes, as the chain takes them */
  signTransaction(transaction: UnsignedTransaction): Promise<Hex>;
}
