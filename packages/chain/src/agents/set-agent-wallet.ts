import type { Address, Hash, Signature } from "@stoa/protocol";
import { encodeFunctionData } from "viem";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { identityRegistryAbi } from "../generated/identity-registry.ts";

/**
 * Gives an agent, which the sender owns or is approved for, a wallet that agreed by `signAgentWallet`.
 * @throws {StoaError} `chain_rejected` when the signature or its deadline does not allow it
 */
export async function setAgentWallet(
  sender: ChainSender,
  terms: { registry: Address; agentId: bigint; wallet: Address; deadline: bigint; signature: Signature },
): Promise<Hash> {
  const { registry, agentId, wallet, deadline, signature } = terms;
  const args = [agentId, wallet, deadline, signature] as const;
  const data = encodeFunctionData({ abi: identityRegistryAbi, functionName: "setAgentWallet", args });
  const receipt = await sendAndWait(sender, {
    doing: `making ${wallet} the wallet of agent ${agentId}`,
    to: registry,
    data,
  });
  return receipt.transactionHash;
}
