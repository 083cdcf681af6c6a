import { encodeFunctionData } from "viem";
import type { Address, Hash } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { channelsAbi } from "../generated/channels.ts";

/** Asks to close the sender's channel as its payer; the payee has the channel's delay to redeem its newest voucher. */
export async function requestChannelClose(
  sender: ChainSender,
  { channels, channelId }: { channels: Address; channelId: Hash },
): Promise<Hash> {
  const data = encodeFunctionData({ abi: channelsAbi, functionName: "requestClose", args: [channelId] });
  const receipt = await sendAndWait(sender, { doing: `asking to close ${channelId}`, to: channels, data });
  return receipt.transactionHash;
}
