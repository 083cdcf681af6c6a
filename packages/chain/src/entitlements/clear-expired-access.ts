import type { Address, Hash } from "@stoa/protocol";
import { encodeFunctionData } from "viem";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { entitlementsAbi } from "../generated/entitlements.ts";

/** Removes a holder's expired token to make room under the cap; anyone may. */
export async function clearExpiredAccess(
  sender: ChainSender,
  { sale, agentId, holder }: { sale: Address; agentId: bigint; holder: Address },
): Promise<Hash> {
  const data = encodeFunctionData({ abi: entitlementsAbi, functionName: "clearExpired", args: [agentId, holder] });
  const receipt = await sendAndWait(sender, { doing: `clearing the expired access of ${holder}`, to: sale, data });
  return receipt.transactionHash;
}
