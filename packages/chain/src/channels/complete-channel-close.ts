import { encodeFunctionData } from "viem";
import type { Address, Hash } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { channelsAbi } from "../generated/channels.ts";

/** Closes a channel whose delay has passed or that has expired; anyone may send it, the payer is credited the rest. */
export async function completeChannelClose(
  sender: ChainSender,
  { channels, channelId }: { channels: Address; channelId: Hash },
): Promise<Hash> {
  const data = encodeFunctionData({ abi: channelsAbi, functionName: "completeClose", args: [channelId] });
  const receipt = await sendAndWait(sender, { doing: `completing the close of ${channelId}`, to: channels, data });
  return receipt.transactionHash;
}
