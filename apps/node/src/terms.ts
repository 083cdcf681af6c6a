import type { Address, NodeId, Signer, SigningDomain } from "@stoa/protocol";
import type { Cost } from "@stoa/core";

/** The market as this node signed up with it: fixed for the life of the process. */
export interface Terms {
  domain: SigningDomain;
  operator: Address;
  token: Address;
  decimals: number;
  node: NodeId;
  provider: Address;
  cost: Cost;
  /** Whether the market is told what passed tasks and quotes would cost, for its bands. */
  tellsCost: boolean;
  /** Bond per slot, in the token's smallest unit. */
  bond: bigint;
  /** The node's own key. */
  signer: Signer;
}
