import { encodeFunctionData } from "viem";
import type { Address, Hash } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { vaultAbi } from "../generated/vault.ts";

/** Pays stake that waited its delay out to its provider's wallet; anyone may send it. */
export async function completeUnstake(
  sender: ChainSender,
  { vault, provider, node, token }: { vault: Address; provider: Address; node: Address; token: Address },
): Promise<Hash> {
  const data = encodeFunctionData({ abi: vaultAbi, functionName: "completeUnstake", args: [provider, node, token] });
  const receipt = await sendAndWait(sender, { doing: `completing the unstaking for ${node}`, to: vault, data });
  return receipt.transactionHash;
}
