import { revealVote } from "@stoa/chain";
import { StoaError } from "@stoa/protocol";
import type { Command } from "commander";
import type { Cli } from "../cli.ts";
import { numberedVerb } from "../contracts/numbered-verb.ts";
import { requireDispute } from "./require-dispute.ts";
import { readVote, voteFile } from "./vote-file.ts";

export function reveal(cli: Cli): Command {
  return numberedVerb(cli, {
    name: "reveal",
    description: "reveal the vote you committed to, from where commit kept it",
    of: "a dispute",
    examples: ["stoa dispute reveal 1"],
    async act(contracts, disputeId) {
      const { round } = await requireDispute(contracts, disputeId, "revealing");
      const sender = await contracts.sender();
      const ballot = { disputeId, round, voter: sender.address };
      const vote = await readVote(contracts, ballot);
      if (!vote) {
        const file = voteFile(contracts, ballot);
        throw new StoaError("not_found", `there is no vote at ${file}: use the STOA_HOME you committed it with`);
      }
      const txHash = await revealVote(sender, { court: contracts.at("court"), ...vote });
      const { choice } = vote;
      return {
        text: `revealed a vote for the ${choice} in dispute ${disputeId}`,
        txHash,
        facts: { ...ballot, choice },
      };
    },
  });
}
