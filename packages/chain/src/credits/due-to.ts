import type { Address } from "@stoa/protocol";
import type { Chain } from "../client/connect-chain.ts";
import { readContract } from "../client/read-contract.ts";
import { channelsAbi } from "../generated/channels.ts";

/** Reads what a contract of channels or of sealed auctions owes an owner, in the token's smallest unit. */
export function dueTo(
  chain: Chain,
  contract: Address,
  { owner, token }: { owner: Address; token: Address },
): Promise<bigint> {
  return readContract(chain, { address: contract, abi: channelsAbi, functionName: "dueTo", args: [owner, token] });
}
