import { encodeFunctionData } from "viem";
import type { Address, Hash } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { depositsAbi } from "../generated/deposits.ts";

/**
 * Deposits the chain's own coin from the sender's wallet, wrapped, to its own account or another's.
 * @param given.amount wei
 * @returns the deposit's transaction, in a block
 */
export async function depositNative(
  sender: ChainSender,
  { deposits, amount, owner = sender.address }: { deposits: Address; amount: bigint; owner?: Address },
): Promise<Hash> {
  const data = encodeFunctionData({ abi: depositsAbi, functionName: "depositNative", args: [owner] });
  const request = { doing: `depositing ${amount} wei for ${owner}`, to: deposits, data, value: amount };
  const receipt = await sendAndWait(sender, request);
  return receipt.transactionHash;
}
