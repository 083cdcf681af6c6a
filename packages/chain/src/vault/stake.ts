import { encodeFunctionData } from "viem";
import type { Address, Hash } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { vaultAbi } from "../generated/vault.ts";
import { approve } from "../token/approve.ts";

/**
 * Stakes for a node from the sender's wallet (not from its account in the vault, which may be promised to open orders).
 * @returns the transaction, in a block
 */
export async function stake(
  sender: ChainSender,
  { vault, node, token, amount }: { vault: Address; node: Address; token: Address; amount: bigint },
): Promise<Hash> {
  await approve(sender, { token, vault, amount });
  const data = encodeFunctionData({ abi: vaultAbi, functionName: "stake", args: [node, token, amount] });
  const receipt = await sendAndWait(sender, { doing: `staking ${amount} for ${node}`, to: vault, data });
  return receipt.transactionHash;
}
