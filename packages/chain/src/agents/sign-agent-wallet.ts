import type { Address, Signature, Signer } from "@stoa/protocol";

/** What a wallet agrees to, by ERC-8004. */
export interface AgentWalletTerms {
  agentId: bigint;
  /** The agent's owner: to another's it would be a different agreement. */
  owner: Address;
  /** Unix seconds until which it counts; the registry takes five minutes ahead at most. */
  deadline: bigint;
}

const types = {
  AgentWalletSet: [
    { name: "agentId", type: "uint256" },
    { name: "newWallet", type: "address" },
    { name: "owner", type: "address" },
    { name: "deadline", type: "uint256" },
  ],
} as const;

/** Signs that the signer is an agent's wallet. */
export function signAgentWallet(
  signer: Signer,
  registry: { chainId: number; address: Address },
  { agentId, owner, deadline }: AgentWalletTerms,
): Promise<Signature> {
  return signer.signTypedData({
    domain: {
      name: "ERC8004IdentityRegistry",
      version: "1",
      chainId: registry.chainId,
      verifyingContract: registry.address,
    },
    types,
    primaryType: "AgentWalletSet",
    message: { agentId, newWallet: signer.address, owner, deadline },
  });
}
