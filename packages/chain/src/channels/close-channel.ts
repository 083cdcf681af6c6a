import { encodeFunctionData, type Hex } from "viem";
import type { Address, Hash } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { dueTo } from "../credits/due-to.ts";
import { channelsAbi } from "../generated/channels.ts";
import { channelOf } from "./channel-of.ts";
import type { SignedVoucher } from "./sign-voucher.ts";

/**
 * Closes the sender's channel as its payee, with the newest voucher or at what it has had, and fetches all that is due
 * to it, in one transaction.
 * @throws {StoaError} `chain_rejected` when the sender is not the payee, or the voucher is lower than what was redeemed
 */
export async function closeChannel(
  sender: ChainSender,
  { channels, channelId, voucher }: { channels: Address; channelId: Hash; voucher: SignedVoucher | null },
): Promise<Hash> {
  const { token, redeemed } = await channelOf(sender.chain, channels, channelId);
  const amount = voucher?.amount ?? redeemed;
  const args = [channelId, amount, voucher?.signature ?? "0x"] as const;
  const calls: Hex[] = [encodeFunctionData({ abi: channelsAbi, functionName: "close", args })];
  const due = await dueTo(sender.chain, channels, { owner: sender.address, token });
  if (due + amount - redeemed > 0n) {
    calls.push(encodeFunctionData({ abi: channelsAbi, functionName: "withdraw", args: [sender.address, token] }));
  }
  const data = encodeFunctionData({ abi: channelsAbi, functionName: "multicall", args: [calls] });
  const receipt = await sendAndWait(sender, { doing: `closing ${channelId}`, to: channels, data });
  return receipt.transactionHash;
}
