import type { Address } from "@stoa/protocol";
import type { DIDDocument } from "did-resolver";
import type { Chain } from "../client/connect-chain.ts";
import type { DidHistory } from "./did-change.ts";
import { didDocument } from "./did-document.ts";
import { readDidHistory } from "./read-did-history.ts";

/** A DID's document, and what it was made of: the owner, and every delegate and attribute there ever was. */
export interface ResolvedDid extends DidHistory {
  document: DIDDocument;
}

/**
 * Resolves the DID of an account, agent or node from the registry's events.
 * @param atMs epoch milliseconds at which delegates and attributes must count
 * @throws {StoaError} `malformed_id` and `invalid_request` for no DID of this chain, `chain_unavailable` when it moved
 */
export async function resolveDid(
  chain: Chain,
  { registry, did, atMs }: { registry: Address; did: string; atMs: number },
): Promise<ResolvedDid> {
  const history = await readDidHistory(chain, registry, did);
  return { ...history, document: didDocument(history, atMs) };
}
