import type { Address } from "@stoa/protocol";
import type { Chain } from "../client/connect-chain.ts";
import { readContract } from "../client/read-contract.ts";
import { escrowAbi } from "../generated/escrow.ts";

/** What escrows have credited to `owner`, to withdraw. */
export async function escrowBalance(chain: Chain, escrow: Address, owner: Address, token: Address): Promise<bigint> {
  return readContract(chain, { address: escrow, abi: escrowAbi, functionName: "balanceOf", args: [owner, token] });
}
