import { createHash } from "node:crypto";
import { type Address, type Signer, StoaError } from "@stoa/protocol";
import { hexToBytes, slice } from "viem";

/** What the issuer says of whom, and for how long. */
export interface CredentialTerms {
  /** The issuer's DID: the signer's own, or one it is a delegate of. */
  issuer: string;
  /** The DID it is said of. */
  subject: string;
  /** Such as `IdentityChecked`. */
  type: string;
  claims: Record<string, unknown>;
  /** Epoch milliseconds. */
  issuedAtMs: number;
  /** Epoch milliseconds; null for no end. */
  expiresAtMs: number | null;
  /** The contract with the credential's status, and its chain. */
  status: { chainId: number; contract: Address };
}

/**
 * Signs a verifiable credential of the W3C data model as a JWT (ES256K).
 * @throws {StoaError} `invalid_configuration` when the signer signs no digests, as a browser's wallet does not
 */
export async function issueCredential(signer: Signer, terms: CredentialTerms): Promise<string> {
  const { signDigest } = signer;
  if (!signDigest) {
    throw new StoaError("invalid_configuration", `${signer.address} signs no digests, which a JWT needs`);
  }
  // Loaded when it is needed: it takes longer than all else that a command line starts with.
  const { createVerifiableCredentialJwt } = await import("did-jwt-vc");
  const { issuer, subject, type, claims, issuedAtMs, expiresAtMs, status } = terms;
  return createVerifiableCredentialJwt(
    {
      sub: subject,
      nbf: Math.floor(issuedAtMs / 1_000),
      ...(expiresAtMs === null ? {} : { exp: Math.floor(expiresAtMs / 1_000) }),
      vc: {
        "@context": ["https://www.w3.org/2018/credentials/v1"],
        type: ["VerifiableCredential", type],
        credentialSubject: claims,
        credentialStatus: { type: "StoaCredentialStatus", id: `eip155:${status.chainId}:${status.contract}` },
      },
    },
    {
      did: issuer,
      alg: "ES256K",
      async signer(data) {
        const digest = createHash("sha256").update(data).digest("hex");
        const signature = await signDigest(`0x${digest}`);
        return Buffer.from(hexToBytes(slice(signature, 0, 64))).toString("base64url");
      },
    },
  );
}
