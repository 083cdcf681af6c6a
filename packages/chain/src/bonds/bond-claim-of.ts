import type { Address, Hash } from "@stoa/protocol";
import type { Chain } from "../client/connect-chain.ts";
import { readContract } from "../client/read-contract.ts";
import { operatorBondsAbi } from "../generated/operator-bonds.ts";

const STATES = ["none", "open", "disputed", "upheld", "paid"] as const;

/** A claim on an operator's bond. */
export interface BondClaimStatus {
  state: (typeof STATES)[number];
  node: Address;
  payment: bigint;
  royalty: bigint;
  /** What of the bond it locks. */
  locked: bigint;
  /** Epoch milliseconds. */
  payableAt: number;
}

/** Reads the claim on the bond for an order; its state is "none" when there is none. */
export async function bondClaimOf(
  chain: Chain,
  { bonds, orderHash }: { bonds: Address; orderHash: Hash },
): Promise<BondClaimStatus> {
  const { state, node, payment, royalty, locked, payableAt } = await readContract(chain, {
    address: bonds,
    abi: operatorBondsAbi,
    functionName: "claimOf",
    args: [orderHash],
  });
  return { state: STATES[state]!, node, payment, royalty, locked, payableAt: Number(payableAt) * 1_000 };
}
