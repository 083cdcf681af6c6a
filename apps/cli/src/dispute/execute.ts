import { executeRuling } from "@stoa/chain";
import type { Command } from "commander";
import type { Cli } from "../cli.ts";
import { numberedVerb } from "../contracts/numbered-verb.ts";
import { requireDispute } from "./require-dispute.ts";
import { StoaError } from "@stoa/protocol";

export function execute(cli: Cli): Command {
  return numberedVerb(cli, {
    name: "execute",
    description: "have an escrow take the ruling of a closed dispute, where it did not at once",
    of: "a dispute",
    examples: ["stoa dispute execute 1"],
    async act(contracts, disputeId) {
      const { executed, winner } = await requireDispute(contracts, disputeId, "closed");
      if (executed)
        throw new StoaError("wrong_state", `the ruling of dispute ${disputeId} was executed when it was closed`);
      const txHash = await executeRuling(await contracts.sender(), { court: contracts.at("court"), disputeId });
      return { text: `executed the ruling of dispute ${disputeId}`, txHash, facts: { disputeId, winner } };
    },
  });
}
