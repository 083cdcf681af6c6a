import type { Address } from "@stoa/protocol";
import type { ContractAddresses } from "../deploy/address-book.ts";

/** A market's contracts that its users call: what a sponsor may pay for. Its token and its governance are not among them. */
export function sponsoredContracts(book: ContractAddresses): Address[] {
  const { vault, claimBatches, nodes, escrow, court, channels, auctions, entitlements } = book;
  return [
    vault,
    claimBatches,
    nodes,
    escrow,
    court,
    channels,
    auctions,
    entitlements,
    book.identity,
    book.feedback,
    book.statuses,
  ];
}
