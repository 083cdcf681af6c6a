import { encodeFunctionData } from "viem";
import type { Address, Hash } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { channelsAbi } from "../generated/channels.ts";
import type { SignedVoucher } from "./sign-voucher.ts";

/**
 * Redeems a channel's newest voucher and leaves the channel open; anyone may send it, the payee is credited.
 * @throws {StoaError} `chain_rejected` when the voucher is not higher than what was redeemed, or over the funds
 */
export async function redeemVoucher(sender: ChainSender, channels: Address, voucher: SignedVoucher): Promise<Hash> {
  const { channelId, amount, signature } = voucher;
  const data = encodeFunctionData({ abi: channelsAbi, functionName: "redeem", args: [channelId, amount, signature] });
  const receipt = await sendAndWait(sender, { doing: `redeeming ${amount} of ${channelId}`, to: channels, data });
  return receipt.transactionHash;
}
