import type { TypedDataDefinition } from "viem";
import type { Address, Hash, Signature, Signer } from "@stoa/protocol";
import type { Chain } from "../client/connect-chain.ts";
import { readContract } from "../client/read-contract.ts";
import { testDollarAbi } from "../generated/test-dollar.ts";

/** An owner's EIP-3009 word that the vault may take a deposit from its wallet; whoever submits it pays the gas. */
export interface DepositAuthorization {
  owner: Address;
  token: Address;
  amount: bigint;
  /** Unix seconds. */
  validAfter: bigint;
  /** Unix seconds. */
  validBefore: bigint;
  /** 32 random bytes. */
  nonce: Hash;
  signature: Signature;
}

const authorizationTypes = {
  ReceiveWithAuthorization: [
    { name: "from", type: "address" },
    { name: "to", type: "address" },
    { name: "value", type: "uint256" },
    { name: "validAfter", type: "uint256" },
    { name: "validBefore", type: "uint256" },
    { name: "nonce", type: "bytes32" },
  ],
} as const;

/**
 * Signs a deposit that needs no gas of its owner's. The token must have EIP-3009 and say its domain by EIP-5267.
 * @param terms.nonce 32 random bytes; a used one is refused by the token
 */
export async function signDeposit(
  chain: Chain,
  signer: Signer,
  vault: Address,
  terms: { token: Address; amount: bigint; validAfter: bigint; validBefore: bigint; nonce: Hash },
): Promise<DepositAuthorization> {
  const { token, amount, validAfter, validBefore, nonce } = terms;
  const [, name, version, chainId, verifyingContract] = await readContract(chain, {
    address: token,
    abi: testDollarAbi,
    functionName: "eip712Domain",
    args: [],
  });
  const definition = {
    domain: { name, version, chainId, verifyingContract },
    types: authorizationTypes,
    primaryType: "ReceiveWithAuthorization",
    message: { from: signer.address, to: vault, value: amount, validAfter, validBefore, nonce },
  } as unknown as TypedDataDefinition;
  return {
    owner: signer.address,
    token,
    amount,
    validAfter,
    validBefore,
    nonce,
    signature: await signer.signTypedData(definition),
  };
}
