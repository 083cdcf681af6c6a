import type { Address } from "@stoa/protocol";
import type { Chain } from "../client/connect-chain.ts";
import { readContract } from "../client/read-contract.ts";
import { escrowAbi } from "../generated/escrow.ts";

/** What to set aside, at the fee of now, so that the provider is paid `price`. */
export async function escrowAmountFor(chain: Chain, escrow: Address, price: bigint): Promise<bigint> {
  return readContract(chain, { address: escrow, abi: escrowAbi, functionName: "amountFor", args: [price] });
}
