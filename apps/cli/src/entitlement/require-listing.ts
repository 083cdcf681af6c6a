import { accessListing, type AccessListing } from "@stoa/chain";
import { StoaError } from "@stoa/protocol";
import type { OpenedContracts } from "../contracts/open-contracts.ts";

/** @throws {StoaError} `not_found` when access to the agent is not for sale */
export async function requireListing({ chain, at }: OpenedContracts, agentId: bigint): Promise<AccessListing> {
  const listing = await accessListing(chain, { sale: at("entitlements"), agentId });
  if (listing) return listing;
  throw new StoaError(
    "not_found",
    `access to agent ${agentId} is not for sale; its owner lists it with stoa entitlement list ${agentId}`,
  );
}
