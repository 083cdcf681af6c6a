import { commitVote, seatsOf, type Vote, voteCommitment, voteSalt } from "@stoa/chain";
import { StoaError } from "@stoa/protocol";
import { Argument, type Command } from "commander";
import type { Cli } from "../cli.ts";
import { contractVerb } from "../contracts/contract-verb.ts";
import { openContracts, type OpenedContracts } from "../contracts/open-contracts.ts";
import { tellSent } from "../contracts/tell-sent.ts";
import type { ChainOptions } from "../profile/open-rpc.ts";
import { parseNumber } from "../terminal/parse-number.ts";
import { requireDispute } from "./require-dispute.ts";
import { readVote, saveVote, voteFile } from "./vote-file.ts";

type Choice = Vote["choice"];

export function commit(cli: Cli): Command {
  return contractVerb("commit", "commit to a vote with your seats on a panel; nobody can read it until you reveal it", [
    "stoa dispute commit 1 opener",
  ])
    .argument("<number>", "the dispute's number")
    .addArgument(new Argument("<side>", "whose offer you vote for").choices(["opener", "respondent"]))
    .action((number: string, side: Choice, _options: unknown, self: Command) =>
      run(cli, { number, side }, self.optsWithGlobals()),
    );
}

async function run(cli: Cli, given: { number: string; side: Choice }, options: ChainOptions): Promise<void> {
  const disputeId = parseNumber(given.number, "a dispute's number");
  const contracts = await openContracts(cli, options);
  const { round } = await requireDispute(contracts, disputeId, "accepting", "committing");
  const [sender, court] = [await contracts.sender(), contracts.at("court")];
  const voter = sender.address;
  const seats = await seatsOf(contracts.chain, court, { disputeId, round, arbitrator: voter });
  if (seats.count === 0)
    throw new StoaError("forbidden", `${voter} has no seat on the panel of round ${round} of dispute ${disputeId}`);
  // Another salt would take the place of the one that the commitment on chain needs.
  if (seats.committed) throw new StoaError("wrong_state", `${voter} has committed to a vote in dispute ${disputeId}`);
  const vote = await prepare(contracts, { disputeId, round, voter, choice: given.side });
  // Before anything is sent: a vote whose salt is lost costs the stake.
  const file = await saveVote(contracts, vote);
  cli.terminal.waiting("committing");
  const commitment = voteCommitment(vote);
  const txHash = await commitVote(sender, { court, disputeId, commitment });
  tellSent(cli, {
    text: `committed ${seats.count} seats in dispute ${disputeId}`,
    txHash,
    facts: { disputeId, round, voter, seats: seats.count, commitment, file },
    hint: `The vote is kept in ${file}; reveal it in time: stoa dispute reveal ${disputeId}`,
  });
}

/** A commitment that was cut off may still be on its way, so its vote is sent again and never replaced. */
async function prepare(contracts: OpenedContracts, ballot: Omit<Vote, "salt">): Promise<Vote> {
  const kept = await readVote(contracts, ballot);
  if (!kept) return { ...ballot, salt: voteSalt() };
  if (kept.choice === ballot.choice) return kept;
  throw new StoaError(
    "wrong_state",
    `${voteFile(contracts, ballot)} has a vote for the ${kept.choice} that may be on its way: send that one again`,
  );
}
