import { type Address, type Hash, StoaError } from "@stoa/protocol";
import type { VerifiedCredential } from "did-jwt-vc";
import type { Chain } from "../client/connect-chain.ts";
import { credentialHash } from "./credential-hash.ts";
import { credentialStatus } from "./credential-status.ts";
import { parseDid } from "./parse-did.ts";
import { resolveDid } from "./resolve-did.ts";

/** A credential that counts. */
export interface Credential {
  hash: Hash;
  issuer: string;
  subject: string;
  types: string[];
  claims: Record<string, unknown>;
  /** Epoch milliseconds; null for no end. */
  expiresAtMs: number | null;
}

export interface CredentialCheck {
  registry: Address;
  /** The contract of statuses; a credential that names another cannot be judged. */
  statuses: Address;
  /** Epoch milliseconds. */
  atMs: number;
}

/**
 * Checks that a credential counts: its issuer's DID, as it stands now, speaks for the key that signed; it has begun and
 * not expired; and its issuer has neither suspended nor revoked it. Whether to believe the issuer is the caller's.
 * @throws {StoaError} `invalid_credential` with what is wrong, `chain_unavailable` when nobody can tell
 */
export async function verifyCredential(chain: Chain, jwt: string, check: CredentialCheck): Promise<Credential> {
  const { payload, verifiableCredential } = await verifySignature(chain, jwt, check);
  const issuer = String(payload.iss);
  const { address } = issuerOf(issuer);
  const expected = `eip155:${chain.chainId}:${check.statuses}`;
  const status = verifiableCredential.credentialStatus?.id;
  if (status?.toLowerCase() !== expected.toLowerCase()) {
    throw invalid(`its status stands at ${status ?? "no place"}, expected ${expected}`);
  }
  const hash = credentialHash(jwt);
  const state = await credentialStatus(chain, { contract: check.statuses, issuer: address, hash });
  if (state !== "valid") throw invalid(`its issuer has ${state} it`);
  const { id: subject, ...claims } = verifiableCredential.credentialSubject;
  return {
    hash,
    issuer,
    subject: String(subject),
    types: verifiableCredential.type,
    claims,
    expiresAtMs: payload.exp === undefined ? null : payload.exp * 1_000,
  };
}

async function verifySignature(
  chain: Chain,
  jwt: string,
  { registry, atMs }: CredentialCheck,
): Promise<VerifiedCredential> {
  // Loaded when it is needed, as in issueCredential.
  const { verifyCredential: verifyJwtCredential } = await import("did-jwt-vc");
  // The library reports what the resolver throws as its own words only: a chain that is away must not look like a forgery.
  let fault: unknown;
  const resolver = {
    async resolve(did: string) {
      try {
        const { document } = await resolveDid(chain, { registry, did, atMs });
        return { didDocument: document, didDocumentMetadata: {}, didResolutionMetadata: {} };
      } catch (error) {
        fault = error;
        throw error;
      }
    },
  };
  try {
    return await verifyJwtCredential(jwt, resolver, {
      proofPurpose: "assertionMethod",
      policies: { now: Math.floor(atMs / 1_000) },
      // The library would let a credential count for five minutes after its end.
      skewTime: 0,
    });
  } catch (cause) {
    if (fault instanceof StoaError && fault.definition.kind !== "mistake") throw fault;
    throw invalid(cause instanceof Error ? cause.message : String(cause), cause);
  }
}

/** The library knows other issuers than DIDs, and parts of documents; only a DID of its own has a status. */
function issuerOf(issuer: string): { address: Address } {
  try {
    return parseDid(issuer);
  } catch (cause) {
    throw invalid(`its issuer is ${issuer}, expected a DID`, cause);
  }
}

function invalid(why: string, cause?: unknown): StoaError {
  return new StoaError("invalid_credential", `the credential does not count: ${why}`, { cause });
}
