import { encodeFunctionData } from "viem";
import type { Address, Hash } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { vaultAbi } from "../generated/vault.ts";

/** Challenges the claim on the sender's order, with a bond from its account. */
export async function challengeClaim(
  sender: ChainSender,
  { vault, orderHash }: { vault: Address; orderHash: Hash },
): Promise<Hash> {
  const data = encodeFunctionData({ abi: vaultAbi, functionName: "challenge", args: [orderHash] });
  const receipt = await sendAndWait(sender, { doing: `challenging ${orderHash}`, to: vault, data });
  return receipt.transactionHash;
}
