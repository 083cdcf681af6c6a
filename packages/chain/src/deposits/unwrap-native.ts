import { encodeFunctionData } from "viem";
import type { Address, Hash } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { wrappedNativeAbi } from "../generated/wrapped-native.ts";

/**
 * Turns the sender's wrapped coin, as a withdrawal from the vault pays it, back into the chain's own.
 * @throws {StoaError} `chain_rejected` when its wallet holds less
 */
export async function unwrapNative(
  sender: ChainSender,
  { wrapper, amount }: { wrapper: Address; amount: bigint },
): Promise<Hash> {
  const data = encodeFunctionData({ abi: wrappedNativeAbi, functionName: "withdraw", args: [amount] });
  const receipt = await sendAndWait(sender, { doing: `unwrapping ${amount} wei`, to: wrapper, data });
  return receipt.transactionHash;
}
