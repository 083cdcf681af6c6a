import { encodeFunctionData } from "viem";
import type { Address, Hash } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { vaultAbi } from "../generated/vault.ts";

/** Puts what waits to be withdrawn back on the sender's account. */
export async function cancelWithdrawal(
  sender: ChainSender,
  { vault, token }: { vault: Address; token: Address },
): Promise<Hash> {
  const data = encodeFunctionData({ abi: vaultAbi, functionName: "cancelWithdrawal", args: [token] });
  const receipt = await sendAndWait(sender, { doing: `cancelling a withdrawal`, to: vault, data });
  return receipt.transactionHash;
}
