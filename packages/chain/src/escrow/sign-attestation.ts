import { type Attestation, type Signature, type Signer, type SigningDomain, signTyped } from "@stoa/protocol";

/**
 * A node's word that a result is right, for the node-signatures verifier.
 * @param domain the verifier's: its chain, and its address where other messages have the vault's
 */
export function signAttestation(node: Signer, domain: SigningDomain, attestation: Attestation): Promise<Signature> {
  return signTyped(node, domain, "Attestation", attestation);
}
