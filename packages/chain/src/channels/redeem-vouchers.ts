import { encodeFunctionData, parseEventLogs } from "viem";
import type { Address, Hash } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { describeRevert } from "../client/to-chain-error.ts";
import { channelsAbi } from "../generated/channels.ts";
import type { SignedVoucher } from "./sign-voucher.ts";

export interface Redeemed {
  txHash: Hash;
  /** What was credited, by channel. */
  paid: { channelId: Hash; amount: bigint }[];
  /** What the contract refused, and why; the others were redeemed all the same. */
  skipped: { channelId: Hash; reason: string }[];
}

/** Redeems the newest vouchers of many channels in one transaction; anyone may send it, each payee is credited. */
export async function redeemVouchers(
  sender: ChainSender,
  channels: Address,
  vouchers: readonly SignedVoucher[],
): Promise<Redeemed> {
  const items = vouchers.map(({ channelId, amount, signature }) => ({ channelId, amount, signature }));
  const data = encodeFunctionData({ abi: channelsAbi, functionName: "redeemMany", args: [items] });
  const receipt = await sendAndWait(sender, { doing: `redeeming ${items.length} vouchers`, to: channels, data });
  const logs = parseEventLogs({
    abi: channelsAbi,
    logs: receipt.logs,
    eventName: ["VoucherRedeemed", "RedemptionSkipped"],
  });
  const result: Redeemed = { txHash: receipt.transactionHash, paid: [], skipped: [] };
  for (const { eventName, args } of logs) {
    const { channelId } = args;
    if (eventName === "VoucherRedeemed") result.paid.push({ channelId, amount: args.paid });
    else result.skipped.push({ channelId, reason: describeRevert(args.reason)?.text ?? args.reason });
  }
  return result;
}
