import { encodeAbiParameters, type Hex, parseAbiParameters } from "viem";
import { type Attestation, recoverSigner, type Signature, type SigningDomain } from "@stoa/protocol";

const fields = parseAbiParameters("bytes[]");

/**
 * The evidence of the node-signatures verifier: the nodes' signatures over the attestation, in their signers' order.
 * @param domain the verifier's: its chain, and its address where other messages have the vault's
 * @throws {StoaError} `wrong_signature` when one is none
 */
export async function attestationEvidence(
  domain: SigningDomain,
  attestation: Attestation,
  signatures: readonly Signature[],
): Promise<Hex> {
  const signed = await Promise.all(
    signatures.map(async (signature) => ({
      signature,
      signer: BigInt(await recoverSigner(domain, "Attestation", attestation, signature)),
    })),
  );
  const ascending = signed.toSorted((a, b) => (a.signer < b.signer ? -1 : 1));
  return encodeAbiParameters(fields, [ascending.map(({ signature }) => signature)]);
}
