import { zeroAddress } from "viem";
import type { Address } from "@stoa/protocol";
import type { Chain } from "../client/connect-chain.ts";
import { readContract } from "../client/read-contract.ts";
import { operatorBondsAbi } from "../generated/operator-bonds.ts";

/** Which of an operator's bonds. */
export interface Bond {
  bonds: Address;
  /** Null for the bond that stands for every node. */
  node: Address | null;
  token: Address;
}

export interface BondStatus {
  /** What stands, and does not leave. */
  staying: bigint;
  /** What the operator asked back; a shortfall still reaches it. */
  leaving: bigint;
  /** Epoch milliseconds from which it can leave; null when nothing does. */
  unlocksAt: number | null;
}

/** Reads a bond, in the token's smallest unit. */
export async function bondOf(chain: Chain, bond: Bond): Promise<BondStatus> {
  const [staying, leaving, unlockAt] = await readContract(chain, {
    address: bond.bonds,
    abi: operatorBondsAbi,
    functionName: "bondOf",
    args: [nodeOfBond(bond), bond.token],
  });
  return { staying, leaving, unlocksAt: leaving === 0n ? null : Number(unlockAt) * 1_000 };
}

/** The contract's name for whom a bond stands for. */
export function nodeOfBond({ node }: Pick<Bond, "node">): Address {
  return node ?? zeroAddress;
}
