import type { Address } from "@stoa/protocol";
import type { DIDDocument, KeyCapabilitySection, Service, VerificationMethod } from "did-resolver";
import { type Hex, hexToString } from "viem";
import type { DidChange, DidHistory } from "./did-change.ts";

const CONTEXT = ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/suites/secp256k1recovery-2020/v2"];
const ATTRIBUTE = /^did\/(pub|svc)\/(\w+)(?:\/(\w+))?(?:\/(\w+))?$/;
const KEY_TYPES: Partial<Record<string, string>> = {
  Secp256k1: "EcdsaSecp256k1VerificationKey2019",
  Ed25519: "Ed25519VerificationKey2018",
  X25519: "X25519KeyAgreementKey2019",
};

/** What one change adds to a document while it counts. */
type Entry = { service: Service } | { method: VerificationMethod; uses: readonly KeyCapabilitySection[] };

/**
 * A DID's document by the method `did:ethr`: the owner's key, and the delegates and attributes that count at the time.
 * The n-th delegate or key is `#delegate-n` and the n-th service `#service-n`, whether those before it still count or
 * not, so that an id stands for one thing for good. A DID that was given up has an empty document. Keys are written in
 * hex, whatever encoding their attribute asks for.
 * @param atMs epoch milliseconds
 * @see https://github.com/decentralized-identity/ethr-did-resolver/blob/master/doc/did-method-spec.md
 */
export function didDocument(history: DidHistory, atMs: number): DIDDocument {
  const { did, owner } = history;
  const entries: Entry[] = owner === null ? [] : [controllerOf(history, owner), ...standing(history, atMs)];
  const keys = entries.flatMap((entry) => ("method" in entry ? [entry] : []));
  const services = entries.flatMap((entry) => ("service" in entry ? [entry.service] : []));
  const usedFor = (use: KeyCapabilitySection) =>
    keys.filter(({ uses }) => uses.includes(use)).map(({ method }) => method.id);
  const keyAgreement = usedFor("keyAgreement");
  return {
    "@context": CONTEXT,
    id: did,
    verificationMethod: keys.map(({ method }) => method),
    authentication: usedFor("authentication"),
    assertionMethod: usedFor("assertionMethod"),
    ...(keyAgreement.length > 0 && { keyAgreement }),
    ...(services.length > 0 && { service: services }),
  };
}

function controllerOf(history: DidHistory, owner: Address): Entry {
  return {
    method: accountKey(history, `${history.did}#controller`, owner),
    uses: ["authentication", "assertionMethod"],
  };
}

/** What the changes left standing, each with the number it had when it came. */
function standing(history: DidHistory, atMs: number): Entry[] {
  const entries = new Map<string, Entry>();
  const counts = { delegate: 0, service: 0 };
  for (const change of history.changes) {
    if (change.kind === "owner") continue;
    const isDelegate = change.kind === "delegate";
    if (isDelegate || change.name.startsWith("did/pub/")) counts.delegate += 1;
    else if (change.name.startsWith("did/svc/")) counts.service += 1;
    const key = isDelegate ? `${change.type} ${change.delegate}` : `${change.name} ${change.value}`;
    const entry = isInForce(change.validTo, atMs) ? entryOf(history, change, counts) : null;
    if (entry) entries.set(key, entry);
    else entries.delete(key);
  }
  return [...entries.values()];
}

/** The registry counts a delegate until, and without, the second it names. */
function isInForce(validTo: bigint, atMs: number): boolean {
  return validTo * 1_000n > BigInt(atMs);
}

function entryOf(
  history: DidHistory,
  change: Exclude<DidChange, { kind: "owner" }>,
  counts: { delegate: number; service: number },
): Entry | null {
  const id = `${history.did}#delegate-${counts.delegate}`;
  if (change.kind === "delegate") {
    const uses = usesOf(change.type);
    return uses === null ? null : { method: accountKey(history, id, change.delegate), uses };
  }
  const [, section, type = "", purpose = "veriKey"] = ATTRIBUTE.exec(change.name) ?? [];
  if (section === "svc") {
    return {
      service: { id: `${history.did}#service-${counts.service}`, type, serviceEndpoint: endpointOf(change.value) },
    };
  }
  const keyType = KEY_TYPES[type];
  const uses = usesOf(purpose);
  if (section !== "pub" || keyType === undefined || uses === null) return null;
  return { method: { id, type: keyType, controller: history.did, publicKeyHex: change.value.slice(2) }, uses };
}

function usesOf(purpose: string): readonly KeyCapabilitySection[] | null {
  switch (purpose) {
    case "veriKey":
      return ["assertionMethod"];
    case "sigAuth":
      return ["authentication", "assertionMethod"];
    case "enc":
      return ["keyAgreement"];
    default:
      return null;
  }
}

function accountKey({ did, chainId }: DidHistory, id: string, account: Address): VerificationMethod {
  return {
    id,
    type: "EcdsaSecp256k1RecoveryMethod2020",
    controller: did,
    blockchainAccountId: `eip155:${chainId}:${account}`,
  };
}

/** A service's place: a text, or JSON where there is more to say. */
function endpointOf(value: Hex): Service["serviceEndpoint"] {
  const text = hexToString(value);
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === "object" && parsed !== null ? parsed : text;
  } catch {
    return text;
  }
}
