import { erc20Abi } from "viem";
import type { Address } from "@stoa/protocol";
import type { Chain } from "../client/connect-chain.ts";
import { readContract } from "../client/read-contract.ts";

/** Reads how a token is called and written. */
export async function tokenInfo(chain: Chain, token: Address): Promise<{ symbol: string; decimals: number }> {
  const call = { address: token, abi: erc20Abi, args: [] } as const;
  const [symbol, decimals] = await Promise.all([
    readContract(chain, { ...call, functionName: "symbol" }),
    readContract(chain, { ...call, functionName: "decimals" }),
  ]);
  return { symbol, decimals };
}
