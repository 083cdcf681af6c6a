import { encodeFunctionData } from "viem";
import type { Address, Hash } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { channelsAbi } from "../generated/channels.ts";
import { approve } from "../token/approve.ts";
import { channelIdOf } from "./channel-id-of.ts";
import { type ChannelTerms, toTermsTuple } from "./channel-terms.ts";

/**
 * Approves and opens the sender's channel with money from its wallet.
 * @returns the channel's id
 * @throws {StoaError} `chain_rejected` when there is one with these terms, or the wallet holds too little
 * @example
 * const terms = { payee, token, signer: key.address, closeDelaySeconds: 86_400, expiresAt: null, salt };
 * const channelId = await openChannel(sender, { channels, amount: parseAmount("5", 6), terms });
 */
export async function openChannel(
  sender: ChainSender,
  { channels, amount, terms }: { channels: Address; amount: bigint; terms: Omit<ChannelTerms, "payer"> },
): Promise<Hash> {
  const whole = { ...terms, payer: sender.address };
  await approve(sender, { token: terms.token, spender: channels, amount });
  const data = encodeFunctionData({ abi: channelsAbi, functionName: "open", args: [toTermsTuple(whole), amount] });
  await sendAndWait(sender, { doing: `opening a channel to ${terms.payee}`, to: channels, data });
  return channelIdOf(sender.chain.chainId, channels, whole);
}
