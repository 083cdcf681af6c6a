import type { Address, Hash } from "@stoa/protocol";
import { encodeFunctionData } from "viem";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { entitlementsAbi } from "../generated/entitlements.ts";
import { approve } from "../token/approve.ts";
import type { AccessListing } from "./access-listing.ts";

/**
 * Approves the price and buys access to an agent for the sender, or adds to what it has.
 * @param given.listing as the buyer read it; it is refused when the seller changed it since
 * @throws {StoaError} `chain_rejected` when all are sold, the agent was, or the wallet holds too little
 * @example
 * const listing = await accessListing(chain, { sale, agentId });
 * if (listing) await buyAccess(sender, { sale, agentId, listing });
 */
export async function buyAccess(
  sender: ChainSender,
  { sale, agentId, listing }: { sale: Address; agentId: bigint; listing: AccessListing },
): Promise<Hash> {
  const { token, price } = listing.terms;
  await approve(sender, { token, spender: sale, amount: price });
  const data = encodeFunctionData({ abi: entitlementsAbi, functionName: "buy", args: [agentId, listing.version] });
  const receipt = await sendAndWait(sender, { doing: `buying access to agent ${agentId}`, to: sale, data });
  return receipt.transactionHash;
}
