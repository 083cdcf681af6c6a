import type { TypedDataDefinition } from "viem";
import type { Address, Signature, Signer } from "@stoa/protocol";
import type { Chain } from "../client/connect-chain.ts";
import { readContract } from "../client/read-contract.ts";
import { testDollarAbi } from "../generated/test-dollar.ts";

/** An owner's EIP-2612 word that its wallet's money may be deposited; whoever submits it pays the gas. */
export interface DepositPermit {
  owner: Address;
  token: Address;
  amount: bigint;
  /** Unix seconds. */
  deadline: bigint;
  signature: Signature;
}

const permitTypes = {
  Permit: [
    { name: "owner", type: "address" },
    { name: "spender", type: "address" },
    { name: "value", type: "uint256" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
} as const;

/**
 * Signs a permit for the market's contract of deposits. The token must have EIP-2612 and say its domain by EIP-5267.
 * @param terms.deadline Unix seconds
 * @throws {StoaError} `chain_rejected` when the token has neither
 */
export async function signPermit(
  chain: Chain,
  signer: Signer,
  { deposits, token, amount, deadline }: { deposits: Address; token: Address; amount: bigint; deadline: bigint },
): Promise<DepositPermit> {
  const owner = signer.address;
  const call = { address: token, abi: testDollarAbi } as const;
  const [[, name, version, chainId, verifyingContract], nonce] = await Promise.all([
    readContract(chain, { ...call, functionName: "eip712Domain", args: [] }),
    readContract(chain, { ...call, functionName: "nonces", args: [owner] }),
  ]);
  const definition = {
    domain: { name, version, chainId, verifyingContract },
    types: permitTypes,
    primaryType: "Permit",
    message: { owner, spender: deposits, value: amount, nonce, deadline },
  } as unknown as TypedDataDefinition;
  return { owner, token, amount, deadline, signature: await signer.signTypedData(definition) };
}
