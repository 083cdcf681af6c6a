import type { Address } from "@stoa/protocol";
import type { Hex } from "viem";

/** What an event of the registry says of a DID. */
export type DidChange =
  | { kind: "owner"; owner: Address }
  | {
      kind: "delegate";
      /** `veriKey` signs assertions, `sigAuth` authenticates too. */
      type: string;
      delegate: Address;
      /** Unix seconds until which it counts; in the past once it is revoked. */
      validTo: bigint;
    }
  | {
      kind: "attribute";
      /** Such as `did/svc/Market` or `did/pub/Secp256k1/veriKey/hex`. */
      name: string;
      value: Hex;
      /** Unix seconds until which it counts; 0 once it is revoked. */
      validTo: bigint;
    };

/** All that the registry says of a DID, at one block. */
export interface DidHistory {
  did: string;
  chainId: number;
  /** Who speaks for the DID: its own address until it was given away; null once it was given up. */
  owner: Address | null;
  /** Oldest first. */
  changes: readonly DidChange[];
}
