import type { Hex, SignedAuthorizationList, TransactionReceipt } from "viem";
import type { Address, Hash } from "@stoa/protocol";
import type { Chain } from "./connect-chain.ts";

/** Sends one key's transactions: whatever happens on the way, each request has its effect on the chain once. */
export interface ChainSender {
  readonly chain: Chain;
  readonly address: Address;
  /** Set when another pays the gas: the wallet itself may have none. */
  readonly isSponsored?: boolean;
  /**
   * Simulates, signs, writes down and broadcasts; does not wait for a block. A request that was written down before is
   * not sent a second time, but found again.
   * @returns the newest transaction that carries the request: it can be replaced by another, so wait with {@link wait}
   * @throws {StoaError} `chain_rejected` when it would revert; `chain_unavailable` with `details.txHash` when nobody
   * can tell whether the chain took it: it is written down, and sent again at the next look
   */
  send(request: TransactionRequest): Promise<Hash>;
  /**
   * Waits until what was sent as `txHash` stands in a block, under whichever hash, and sees to it until then.
   * @throws {StoaError} `chain_rejected` when it reverted or would by now, `chain_unavailable` when no block took it in
   * time
   */
  wait(txHash: Hash, options?: WaitOptions): Promise<TransactionReceipt>;
  /**
   * Looks at all that is open, and tells what is on its way or not final yet: the subjects of the requests, with the
   * newest transaction of each.
   * @throws {StoaError} `chain_unavailable`
   */
  inFlight(): Promise<ReadonlyMap<string, Hash>>;
  /** Sees to everything in flight until the signal ends it. */
  tend(options: TendOptions): Promise<void>;
}

export interface TransactionRequest {
  /** What it does, for errors: "depositing". */
  doing: string;
  /** Absent for a deployment. */
  to?: Address;
  data: Hex;
  /** In wei. */
  value?: bigint;
  /**
   * Tells it from other requests of the same content: the same content on the same occasion is one request, however
   * often and by whichever process it is made. Without one every call is another, but for one that an earlier process
   * left unfinished: the first of the same content takes that over.
   */
  occasion?: string;
  /**
   * Wallets' signed delegations (EIP-7702), which come into force with it whoever they are; `to` must be given. One that
   * is used up or meant for another nonce by then is passed over by the chain.
   */
  authorizations?: SignedAuthorizationList;
  /** What it is about, such as order hashes: told by {@link ChainSender.inFlight}. */
  subjects?: readonly string[];
  /** Called when a transaction of it is written down and before it is sent; again for each that replaces it. */
  onSigned?: (txHash: Hash, nonce: number) => Promise<void> | void;
}

export interface WaitOptions {
  doing?: string;
  timeoutMs?: number;
  pollMs?: number;
  signal?: AbortSignal;
}

export interface TendOptions {
  signal: AbortSignal;
  everyMs?: number;
  /** Told what keeps a request from getting on; it is tried again. */
  onTrouble?(error: Error): void;
}
