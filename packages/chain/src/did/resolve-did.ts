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
 * @param given.atMs epoch milliseconds at which delegates and attributes must count
 * @param given.maxBlocks in how many blocks the DID may have been changed; 1,000 when absent
 * @throws {StoaError} `malformed_id` and `invalid_request` for no DID of this chain or one changed too
 * often, `chain_unavailable` when the chain moved
 */
export async function resolveDid(
  chain: Chain,
  { registry, did, atMs, maxBlocks }: { registry: Address; did: string; atMs: number; maxBlocks?: number },
): Promise<ResolvedDid> {
  const history = await readDidHistory(chain, registry, did, maxBlocks);
  return { ...history, document: didDocument(history, atMs) };
}
