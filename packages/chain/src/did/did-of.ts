import type { Address } from "@stoa/protocol";
import { toHex } from "viem";

/**
 * The DID of an account, an agent's wallet or a node's key, by the method `did:ethr`.
 * @example
 * didOf(8453, "0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A") // "did:ethr:0x2105:0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A"
 */
export function didOf(chainId: number, address: Address): string {
  return `did:ethr:${toHex(chainId)}:${address}`;
}
