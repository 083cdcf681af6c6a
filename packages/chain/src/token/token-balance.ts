import { erc20Abi } from "viem";
import type { Address } from "@stoa/protocol";
import type { Chain } from "../client/connect-chain.ts";
import { readContract } from "../client/read-contract.ts";

/** Reads what a wallet itself holds, outside the vault, in the token's smallest unit. */
export function tokenBalance(chain: Chain, token: Address, owner: Address): Promise<bigint> {
  return readContract(chain, { address: token, abi: erc20Abi, functionName: "balanceOf", args: [owner] });
}
