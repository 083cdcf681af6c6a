import { encodeFunctionData } from "viem";
import type { Address, Hash } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { vaultAbi } from "../generated/vault.ts";

/** Rules on a challenged claim; only the vault's arbiter can. */
export async function ruleClaim(
  sender: ChainSender,
  { vault, orderHash, pay }: { vault: Address; orderHash: Hash; pay: boolean },
): Promise<Hash> {
  const data = encodeFunctionData({ abi: vaultAbi, functionName: "rule", args: [orderHash, pay] });
  const receipt = await sendAndWait(sender, { doing: `ruling on ${orderHash}`, to: vault, data });
  return receipt.transactionHash;
}
