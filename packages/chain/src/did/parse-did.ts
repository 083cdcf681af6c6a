import { type Address, parseAddress, StoaError } from "@stoa/protocol";

const DID = /^did:ethr:(0x[0-9a-f]{1,13}):(0x[0-9a-fA-F]{40})$/;

/**
 * Reads a DID that names its chain by number and its subject by address.
 * @throws {StoaError} `malformed_id` when the text is anything else, a part of a DID document included
 */
export function parseDid(did: string): { chainId: number; address: Address } {
  const [, chainId, address] = DID.exec(did) ?? [];
  if (chainId === undefined || address === undefined) {
    throw new StoaError("malformed_id", `a DID is did:ethr:0x<chain>:0x<address>, got ${JSON.stringify(did)}`);
  }
  return { chainId: Number(chainId), address: parseAddress(address) };
}
