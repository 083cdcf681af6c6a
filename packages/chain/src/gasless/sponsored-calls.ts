import type { Address } from "@stoa/protocol";
import { decodeFunctionData, erc20Abi, isAddressEqual } from "viem";
import type { GaslessCall } from "./gasless-account.ts";

/**
 * What a market pays for: calls of its own contracts, and letting those take the market's token; nothing that moves
 * ether, and no transfers, which anybody could have for free.
 * @param contracts the market's, without its token
 */
export function sponsorsMarket(contracts: readonly Address[], token: Address): (call: GaslessCall) => boolean {
  const isOurs = (address: Address) => contracts.some((contract) => isAddressEqual(contract, address));
  return ({ to, value = 0n, data = "0x" }) => {
    if (value !== 0n) return false;
    if (isAddressEqual(to, token)) return isApproval(data, isOurs);
    return isOurs(to);
  };
}

function isApproval(data: NonNullable<GaslessCall["data"]>, isOurs: (address: Address) => boolean): boolean {
  try {
    const { functionName, args } = decodeFunctionData({ abi: erc20Abi, data });
    return functionName === "approve" && isOurs(args[0]);
  } catch {
    // Not one of a token's own functions: not paid for.
    return false;
  }
}
