import { encodeFunctionData } from "viem";
import type { Address, Hash } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { vaultAbi } from "../generated/vault.ts";

/** Starts withdrawing from the sender's account; it can be completed after the vault's delay. */
export async function requestWithdrawal(
  sender: ChainSender,
  { vault, token, amount }: { vault: Address; token: Address; amount: bigint },
): Promise<Hash> {
  const data = encodeFunctionData({ abi: vaultAbi, functionName: "requestWithdrawal", args: [token, amount] });
  const receipt = await sendAndWait(sender, { doing: `requesting the withdrawal of ${amount}`, to: vault, data });
  return receipt.transactionHash;
}
