import { unlistAccess } from "@stoa/chain";
import type { Command } from "commander";
import type { Cli } from "../cli.ts";
import { numberedVerb } from "../contracts/numbered-verb.ts";
import { requireListing } from "./require-listing.ts";

export function unlist(cli: Cli): Command {
  return numberedVerb(cli, {
    name: "unlist",
    description: "end the sale of access to your agent; what was bought stays",
    of: "an agent",
    examples: ["stoa entitlement unlist 7"],
    async act(contracts, agentId) {
      await requireListing(contracts, agentId);
      const txHash = await unlistAccess(await contracts.sender(), { sale: contracts.at("entitlements"), agentId });
      return { text: `access to agent ${agentId} is for sale no more`, txHash, facts: { agentId } };
    },
  });
}
