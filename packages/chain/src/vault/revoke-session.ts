import { encodeFunctionData } from "viem";
import type { Address, Hash } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { vaultAbi } from "../generated/vault.ts";

/** Makes the sender's session key with this nonce worthless once the vault's delay has passed. */
export async function revokeSession(
  sender: ChainSender,
  { vault, nonce }: { vault: Address; nonce: bigint },
): Promise<Hash> {
  const data = encodeFunctionData({ abi: vaultAbi, functionName: "revokeSession", args: [nonce] });
  const receipt = await sendAndWait(sender, { doing: `revoking the session key with nonce ${nonce}`, to: vault, data });
  return receipt.transactionHash;
}
