import { submitEvidence } from "@stoa/chain";
import type { Command } from "commander";
import type { Cli } from "../cli.ts";
import { contractVerb } from "../contracts/contract-verb.ts";
import { openContracts } from "../contracts/open-contracts.ts";
import { tellSent } from "../contracts/tell-sent.ts";
import { parseNumber } from "../terminal/parse-number.ts";
import { addEvidenceOptions, type EvidenceOptions, readEvidence } from "./evidence-options.ts";
import { requireDispute } from "./require-dispute.ts";

export function evidence(cli: Cli): Command {
  const verb = contractVerb("evidence", "show evidence as a side of a dispute", [
    "stoa dispute evidence 1 --uri https://… --file log.txt",
  ]).argument("<number>", "the dispute's number");
  return addEvidenceOptions(verb).action((number: string, _options: unknown, self: Command) =>
    run(cli, number, self.optsWithGlobals()),
  );
}

async function run(cli: Cli, number: string, options: EvidenceOptions): Promise<void> {
  const disputeId = parseNumber(number, "a dispute's number");
  const shown = await readEvidence(cli, options);
  const contracts = await openContracts(cli, options);
  await requireDispute(contracts, disputeId, "matching", "evidence");
  cli.terminal.waiting("showing the evidence");
  const txHash = await submitEvidence(await contracts.sender(), { court: contracts.at("court"), disputeId, ...shown });
  tellSent(cli, { text: `showed ${shown.uri} in dispute ${disputeId}`, txHash, facts: { disputeId, ...shown } });
}
