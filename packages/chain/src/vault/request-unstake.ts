import { encodeFunctionData } from "viem";
import type { Address, Hash } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { vaultAbi } from "../generated/vault.ts";

/** Starts taking stake for a node back; it can be completed after the vault's delay. */
export async function requestUnstake(
  sender: ChainSender,
  { vault, node, token, amount }: { vault: Address; node: Address; token: Address; amount: bigint },
): Promise<Hash> {
  const data = encodeFunctionData({ abi: vaultAbi, functionName: "requestUnstake", args: [node, token, amount] });
  const receipt = await sendAndWait(sender, {
    doing: `requesting ${amount} of the stake for ${node} back`,
    to: vault,
    data,
  });
  return receipt.transactionHash;
}
