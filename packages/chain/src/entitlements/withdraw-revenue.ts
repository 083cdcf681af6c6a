import type { Address, Hash } from "@stoa/protocol";
import { encodeFunctionData } from "viem";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { entitlementsAbi } from "../generated/entitlements.ts";

/** Pays out what the sender earned by selling access. */
export async function withdrawRevenue(
  sender: ChainSender,
  { sale, token, to = sender.address }: { sale: Address; token: Address; to?: Address },
): Promise<Hash> {
  const data = encodeFunctionData({ abi: entitlementsAbi, functionName: "withdrawRevenue", args: [token, to] });
  const receipt = await sendAndWait(sender, { doing: `withdrawing revenue in ${token}`, to: sale, data });
  return receipt.transactionHash;
}
