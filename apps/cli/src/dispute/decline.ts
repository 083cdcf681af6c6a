import { declineCase } from "@stoa/chain";
import type { Command } from "commander";
import type { Cli } from "../cli.ts";
import { numberedVerb } from "../contracts/numbered-verb.ts";
import { requireDispute } from "./require-dispute.ts";

export function decline(cli: Cli): Command {
  return numberedVerb(cli, {
    name: "decline",
    description: "give your seats on a panel back, before you committed to a vote",
    of: "a dispute",
    examples: ["stoa dispute decline 1"],
    async act(contracts, disputeId) {
      await requireDispute(contracts, disputeId, "accepting");
      const txHash = await declineCase(await contracts.sender(), { court: contracts.at("court"), disputeId });
      return { text: `declined dispute ${disputeId}`, txHash, facts: { disputeId } };
    },
  });
}
