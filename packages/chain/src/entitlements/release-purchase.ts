import type { Address, Hash } from "@stoa/protocol";
import { encodeFunctionData } from "viem";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { entitlementsAbi } from "../generated/entitlements.ts";

/**
 * Makes a purchase final whose window has passed, so that its seller can withdraw; anyone may.
 * @throws {StoaError} `chain_rejected` when it can still be returned, or nothing is held
 */
export async function releasePurchase(
  sender: ChainSender,
  { sale, agentId, holder }: { sale: Address; agentId: bigint; holder: Address },
): Promise<Hash> {
  const data = encodeFunctionData({ abi: entitlementsAbi, functionName: "release", args: [agentId, holder] });
  const receipt = await sendAndWait(sender, { doing: `releasing the purchase of ${holder}`, to: sale, data });
  return receipt.transactionHash;
}
