import {
  courtBond,
  type DisputePhase,
  type DisputeStatus,
  evidenceOf,
  evidenceUris,
  type PanelSeats,
  seatsOf,
} from "@stoa/chain";
import type { Command } from "commander";
import type { Cli } from "../cli.ts";
import { contractVerb } from "../contracts/contract-verb.ts";
import { firstBlock } from "../contracts/first-block.ts";
import { openContracts, type OpenedContracts } from "../contracts/open-contracts.ts";
import type { ChainOptions } from "../profile/open-rpc.ts";
import { instant } from "../terminal/instant.ts";
import { parseNumber } from "../terminal/parse-number.ts";
import { formatPercent } from "../terminal/percent.ts";
import { printable } from "../terminal/printable.ts";
import { fields } from "../terminal/table.ts";
import { requireDispute } from "./require-dispute.ts";

/** What each phase waits for; the number follows. */
const NEXT: Partial<Record<DisputePhase, string>> = {
  matching: "The other side matches the bond: stoa dispute answer, or after an appeal stoa dispute appeal --match",
  evidence: "Both sides show evidence: stoa dispute evidence",
  drawing: "Anyone draws the arbitrators: stoa dispute advance",
  accepting: "Who was drawn commits to a vote or declines: stoa dispute commit, stoa dispute decline",
  committing: "The panel commits to its votes: stoa dispute commit",
  revealing: "The panel reveals its votes: stoa dispute reveal",
  appealing: "The loser may appeal: stoa dispute appeal. After the window anyone closes it: stoa dispute advance",
};

export function show(cli: Cli): Command {
  return contractVerb("show", "show a dispute: its sides, offers, evidence and panel, and what it waits for", [
    "stoa dispute show 1 --json",
  ])
    .argument("<number>", "the dispute's number")
    .action((number: string, _options: unknown, self: Command) => run(cli, number, self.optsWithGlobals()));
}

async function run(cli: Cli, number: string, options: ChainOptions): Promise<void> {
  const { terminal } = cli;
  const disputeId = parseNumber(number, "a dispute's number");
  const contracts = await openContracts(cli, options);
  const found = await requireDispute(contracts, disputeId);
  const { round } = found;
  const [bond, evidence, seats] = await Promise.all([
    courtBond(contracts.chain, contracts.at("court"), { disputeId, round }),
    readExhibits(contracts, disputeId),
    ownSeats(contracts, { disputeId, round }),
  ]);
  if (cli.json) {
    const phaseEndsAt = instant(found.phaseEndsAt);
    return terminal.printJson({ disputeId, ...found, phaseEndsAt, bond, evidence, ownSeats: seats });
  }
  terminal.print(`${terminal.out.bold(`dispute ${disputeId}`)}  ${found.phase}`);
  const bondText = (await contracts.moneyIn(bond.token)).format(bond.amount);
  terminal.print(fields(terminal.out, entriesOf(found, bondText, seats)));
  for (const { by, shownAt, uri, contentHash } of evidence) {
    terminal.print(
      `${terminal.out.dim("evidence")}  ${sideOf(found, by)} at ${shownAt}  ${printable(uri)}  ${contentHash}`,
    );
  }
  const next = NEXT[found.phase];
  if (next !== undefined) terminal.note(terminal.err.dim(next));
}

function entriesOf(found: DisputeStatus, bond: string, seats: PanelSeats | null): [string, string | undefined][] {
  const { offers, phaseEndsAt, winner } = found;
  return [
    ["about", `escrow ${found.subjectId} of ${found.subject}`],
    ["opener", `${found.opener}, offers ${formatPercent(offers.opener)} to the respondent`],
    ["respondent", `${found.respondent}, asks for ${formatPercent(offers.respondent)}`],
    ["round", `${found.round}, ${found.filled} of ${found.seats} seats filled, a bond of ${bond} each side`],
    ["until", instant(phaseEndsAt) ?? undefined],
    ["owes a bond", found.phase === "matching" ? found.owing : undefined],
    ["last verdict", found.verdict === "none" ? undefined : `for the ${found.verdict}`],
    ["ruling", winner === null ? undefined : `for the ${winner}${found.executed ? "" : ", not executed yet"}`],
    ["your seats", seats === null ? undefined : `${seats.count}, ${seats.committed ? "committed" : "not committed"}`],
  ];
}

function sideOf({ opener }: DisputeStatus, by: string): string {
  return by === opener ? "opener" : "respondent";
}

async function readExhibits({ chain, at, book }: OpenedContracts, disputeId: bigint) {
  const court = at("court");
  const [exhibits, uris] = await Promise.all([
    evidenceOf(chain, court, disputeId),
    evidenceUris(chain, court, { disputeId, fromBlock: firstBlock(book, "court") }),
  ]);
  return exhibits.map(({ shownAt, ...exhibit }, index) => ({
    ...exhibit,
    shownAt: instant(shownAt),
    uri: uris[index] ?? "",
  }));
}

/** Null for whoever has no wallet, or no seat. */
async function ownSeats(
  { chain, at, profile, wallet }: OpenedContracts,
  { disputeId, round }: { disputeId: bigint; round: number },
): Promise<PanelSeats | null> {
  if (profile.walletKeyFile === null) return null;
  const { address: arbitrator } = await wallet();
  const seats = await seatsOf(chain, at("court"), { disputeId, round, arbitrator });
  return seats.count === 0 ? null : seats;
}
