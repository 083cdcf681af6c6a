import { type Address, type Hash, StoaError } from "@stoa/protocol";
import type { Chain } from "../client/connect-chain.ts";
import { readContract } from "../client/read-contract.ts";
import { credentialStatusAbi } from "../generated/credential-status.ts";

/** In the contract's order. */
export const credentialStates = ["valid", "suspended", "revoked"] as const;
export type CredentialState = (typeof credentialStates)[number];

/** Reads what an issuer says of a credential; one it never spoke of is valid. */
export async function credentialStatus(
  chain: Chain,
  { contract, issuer, hash }: { contract: Address; issuer: Address; hash: Hash },
): Promise<CredentialState> {
  const call = { address: contract, abi: credentialStatusAbi, args: [issuer, hash] } as const;
  const status = await readContract(chain, { ...call, functionName: "statusOf" });
  const state = credentialStates[status];
  if (state === undefined) throw new StoaError("internal", `${contract} has a status ${status} nobody knows`);
  return state;
}
