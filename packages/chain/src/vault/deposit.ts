import { encodeFunctionData } from "viem";
import type { Address, Hash } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { vaultAbi } from "../generated/vault.ts";
import { approve } from "../token/approve.ts";

/**
 * Approves and deposits from the sender's wallet, to its own account or another's.
 * @returns the deposit's transaction, in a block
 * @throws {StoaError} `chain_rejected` when the wallet holds too little
 * @example
 * await deposit(sender, { vault, token, amount: parseAmount("5", 6) });
 */
export async function deposit(
  sender: ChainSender,
  { vault, token, amount, owner = sender.address }: { vault: Address; token: Address; amount: bigint; owner?: Address },
): Promise<Hash> {
  await approve(sender, { token, spender: vault, amount });
  const data = encodeFunctionData({ abi: vaultAbi, functionName: "depositFor", args: [owner, token, amount] });
  const receipt = await sendAndWait(sender, { doing: `depositing ${amount} for ${owner}`, to: vault, data });
  return receipt.transactionHash;
}
