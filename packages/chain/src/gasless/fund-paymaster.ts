import { encodeFunctionData } from "viem";
import type { Address, Hash } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { sponsorPaymasterAbi } from "../generated/sponsor-paymaster.ts";

/**
 * Adds to what a market's paymaster pays gas from.
 * @param amount in wei, of the sender's
 * @throws {StoaError} `chain_rejected` while it is paused
 */
export async function fundPaymaster(
  sender: ChainSender,
  { paymaster, amount }: { paymaster: Address; amount: bigint },
): Promise<Hash> {
  const data = encodeFunctionData({ abi: sponsorPaymasterAbi, functionName: "deposit" });
  const doing = `funding the paymaster with ${amount} wei`;
  const { transactionHash } = await sendAndWait(sender, { doing, to: paymaster, data, value: amount });
  return transactionHash;
}
