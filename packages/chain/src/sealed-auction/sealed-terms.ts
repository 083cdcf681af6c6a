import { type ContractFunctionArgs, type Hex, keccak256, stringToBytes } from "viem";
import type { Address, Hash } from "@stoa/protocol";
import type { sealedAuctionAbi } from "../generated/sealed-auction.ts";

/** What a requester offers in a sealed auction on chain: one task, or several identical ones. */
export interface SealedAuctionTerms {
  /** A dotted name; the contract keeps its Keccak-256. */
  capability: string;
  taskHash: Hash;
  token: Address;
  tasks: number;
  /** The most that is paid for one task. */
  reserve: bigint;
  /** What a bidder forfeits that does not reveal; at least a tenth of the reserve. */
  deposit: bigint;
  commitSeconds: number;
  revealSeconds: number;
  /** What a winner has to deliver from the funding of its escrow. */
  deliverSeconds: number;
  /** The escrow's approval window, verifier and condition. */
  approvalSeconds: number;
  verifier: Address;
  condition: Hex;
}

type TermsTuple = ContractFunctionArgs<typeof sealedAuctionAbi, "nonpayable", "open">[0];

/** Puts terms into the form the contract takes. */
export function toSealedTermsTuple({ capability, ...same }: SealedAuctionTerms): TermsTuple {
  return { ...same, capability: keccak256(stringToBytes(capability)) };
}
