import { encodeFunctionData } from "viem";
import type { Address, Hash } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { vaultAbi } from "../generated/vault.ts";

/** Pays a withdrawal that waited its delay out to its owner's wallet; anyone may send it. */
export async function completeWithdrawal(
  sender: ChainSender,
  { vault, token, owner }: { vault: Address; token: Address; owner: Address },
): Promise<Hash> {
  const data = encodeFunctionData({ abi: vaultAbi, functionName: "completeWithdrawal", args: [owner, token] });
  const receipt = await sendAndWait(sender, { doing: `completing the withdrawal of ${owner}`, to: vault, data });
  return receipt.transactionHash;
}
