import { concedeDispute } from "@stoa/chain";
import type { Command } from "commander";
import type { Cli } from "../cli.ts";
import { numberedVerb } from "../contracts/numbered-verb.ts";
import { requireDispute } from "./require-dispute.ts";

export function concede(cli: Cli): Command {
  return numberedVerb(cli, {
    name: "concede",
    description: "give in before arbitrators are drawn: the other side's offer is ruled",
    of: "a dispute",
    examples: ["stoa dispute concede 1"],
    async act(contracts, disputeId) {
      await requireDispute(contracts, disputeId, "matching", "evidence");
      const txHash = await concedeDispute(await contracts.sender(), { court: contracts.at("court"), disputeId });
      const { winner } = await requireDispute(contracts, disputeId);
      return { text: `conceded dispute ${disputeId}`, txHash, facts: { disputeId, winner } };
    },
  });
}
