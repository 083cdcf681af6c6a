import { encodeFunctionData } from "viem";
import type { Address, Hash } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { vaultAbi } from "../generated/vault.ts";

/** Makes the sender's order with this nonce worthless once the vault's delay has passed. */
export async function cancelOrder(
  sender: ChainSender,
  { vault, nonce }: { vault: Address; nonce: bigint },
): Promise<Hash> {
  const data = encodeFunctionData({ abi: vaultAbi, functionName: "cancelOrder", args: [nonce] });
  const receipt = await sendAndWait(sender, { doing: `cancelling the order with nonce ${nonce}`, to: vault, data });
  return receipt.transactionHash;
}
