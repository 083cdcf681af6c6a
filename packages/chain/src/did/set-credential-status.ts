import type { Address, Hash } from "@stoa/protocol";
import { encodeFunctionData } from "viem";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { credentialStatusAbi } from "../generated/credential-status.ts";
import { type CredentialState, credentialStates } from "./credential-status.ts";

/**
 * Says that a credential counts no more, for a while or for good, or counts again; for the owner of the issuer's DID.
 * @param hash the credential's `credentialHash`
 * @throws {StoaError} `chain_rejected` for another's DID, a revoked credential, or a state it has already
 */
export async function setCredentialStatus(
  sender: ChainSender,
  { contract, issuer, hash, state }: { contract: Address; issuer: Address; hash: Hash; state: CredentialState },
): Promise<Hash> {
  const args = [issuer, hash, credentialStates.indexOf(state)] as const;
  const data = encodeFunctionData({ abi: credentialStatusAbi, functionName: "setStatus", args });
  const receipt = await sendAndWait(sender, { doing: `making the credential ${hash} ${state}`, to: contract, data });
  return receipt.transactionHash;
}
