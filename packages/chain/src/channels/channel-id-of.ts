import { encodeAbiParameters, keccak256, parseAbiParameters } from "viem";
import type { Address, Hash } from "@stoa/protocol";
import { type ChannelTerms, toTermsTuple } from "./channel-terms.ts";

const FIELDS = parseAbiParameters([
  "uint256 chainId, address channels, Terms terms",
  "struct Terms { address payer; address payee; address token; address signer; uint64 closeDelay; uint64 expiresAt; bytes32 salt; }",
]);

/** The id a channel with these terms has, before it is opened and without asking the chain. */
export function channelIdOf(chainId: number, channels: Address, terms: ChannelTerms): Hash {
  return keccak256(encodeAbiParameters(FIELDS, [BigInt(chainId), channels, toTermsTuple(terms)]));
}
