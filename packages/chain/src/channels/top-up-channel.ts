import { encodeFunctionData } from "viem";
import type { Address, Hash } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { channelsAbi } from "../generated/channels.ts";
import { approve } from "../token/approve.ts";
import { channelOf } from "./channel-of.ts";

/**
 * Adds money from the sender's wallet to an open channel; what is not redeemed goes to the channel's payer.
 * @throws {StoaError} `chain_rejected` when the channel closes or is closed, or the wallet holds too little
 */
export async function topUpChannel(
  sender: ChainSender,
  { channels, channelId, amount }: { channels: Address; channelId: Hash; amount: bigint },
): Promise<Hash> {
  const { token } = await channelOf(sender.chain, channels, channelId);
  await approve(sender, { token, spender: channels, amount });
  const data = encodeFunctionData({ abi: channelsAbi, functionName: "topUp", args: [channelId, amount] });
  const receipt = await sendAndWait(sender, { doing: `topping up ${channelId}`, to: channels, data });
  return receipt.transactionHash;
}
