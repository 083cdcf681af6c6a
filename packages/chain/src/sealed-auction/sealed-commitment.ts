import { encodeAbiParameters, keccak256, parseAbiParameters } from "viem";
import type { Address, Hash } from "@stoa/protocol";
import type { SealedOffer } from "./sealed-offer.ts";

const FIELDS = parseAbiParameters([
  "uint256 chainId, address auctions, bytes32 auctionId, address bidder, Offer offer",
  "struct Offer { uint128 ask; uint32 slots; address node; bytes32 salt; }",
]);

/** The commitment to an offer, made here: asking a chain for it would tell the chain's node the ask. */
export function sealedCommitment(
  chainId: number,
  auctions: Address,
  { auctionId, bidder, offer }: { auctionId: Hash; bidder: Address; offer: SealedOffer },
): Hash {
  return keccak256(encodeAbiParameters(FIELDS, [BigInt(chainId), auctions, auctionId, bidder, offer]));
}
