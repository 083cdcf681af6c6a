import { type LedgerAccount, requireSheet, staked } from "@stoa/core";
import {
  type Address,
  BID_REASON,
  type BidSheet,
  encodeTyped,
  type Hash,
  passReasonOf,
  type RoundId,
  type SheetAnswer,
  type SheetReceipt,
  type Signature,
  signTyped,
  StoaError,
} from "@stoa/protocol";
import type { Queryable } from "@stoa/store";
import type { MarketContext } from "../context.ts";

export interface PlaceSheet {
  node: Address;
  sheet: BidSheet;
  signature: Signature;
  answers: SheetAnswer[];
}

/**
 * Takes a node's sealed sheet for an open round: its bids and passes, under one signature. The first one counts.
 * @returns the operator's signed receipt, which proves completeness against the public record
 * @throws {StoaError} `wrong_signature`, `not_found`, `unknown_node`, `round_closed`, `not_announced`, `invalid_bid`,
 *   `stake_too_small`, `conflicting_bids`
 */
export async function placeSheet(
  context: MarketContext,
  request: PlaceSheet,
): Promise<{ receipt: SheetReceipt; signature: Signature }> {
  const { node, sheet, signature, answers } = request;
  const roundId = sheet.roundId as RoundId;
  const opening = await context.openings.get(roundId);
  const asked = opening.asked.find((candidate) => candidate.node === node);
  if (!asked) throw new StoaError("unknown_node", `${node} was not asked in the round ${roundId}`);
  await requireSheet({ opening, roundId, node }, { sheet: encodeTyped("BidSheet", sheet), signature, answers });
  const unknown = answers.find(({ reason }) => reason !== BID_REASON && !passReasonOf(reason));
  if (unknown) throw new StoaError("invalid_bid", `there is no pass reason ${unknown.reason}`);
  if (sheet.bond < context.terms.minBond) {
    throw new StoaError(
      "stake_too_small",
      `the sheet offers a bond of ${sheet.bond} a slot, expected at least ${context.terms.minBond}`,
    );
  }
  await checkVersions(context.database, answers, opening.segment);
  const receipt: SheetReceipt = { roundId, node, answersRoot: sheet.answersRoot };
  const receiptSignature = await signTyped(context.operator, context.terms.domain, "SheetReceipt", receipt);
  return writeSheet(context, request, staked(asked), { receipt, signature: receiptSignature });
}

async function checkVersions(database: Queryable, answers: readonly SheetAnswer[], capability: string): Promise<void> {
  const versions = [
    ...new Set(answers.filter(({ reason }) => reason === BID_REASON).map(({ agentVersion }) => agentVersion)),
  ];
  if (versions.length === 0) return;
  const known = await database.query<{ id: Hash }>(
    "select version_id as id from agents where version_id = any($1::text[]) and state = 'active' and capabilities @> array[$2::text]",
    [versions, capability],
  );
  const missing = versions.find((version) => !known.some(({ id }) => id === version));
  if (missing) throw new StoaError("invalid_bid", `no active agent ${missing} offers ${capability}`);
}

function writeSheet(
  context: MarketContext,
  { node, sheet, signature, answers }: PlaceSheet,
  stakeAccount: LedgerAccount,
  receipted: { receipt: SheetReceipt; signature: Signature },
): Promise<{ receipt: SheetReceipt; signature: Signature }> {
  const roundId = sheet.roundId as RoundId;
  const key = { roundId, node };
  return context.lane.run({
    name: "place-sheet",
    rounds: [roundId],
    sheet: key,
    uses: [roundId],
    accounts: () => [stakeAccount],
    decide(set) {
      const before = set.sheetRoot(key);
      if (before === sheet.answersRoot) return receipted;
      if (before)
        throw new StoaError(
          "conflicting_bids",
          `${node} answered the round ${roundId} before with ${before}, now with ${sheet.answersRoot}`,
        );
      const round = set.round(roundId);
      if (round?.state !== "open" || round.closesAt < set.now)
        throw new StoaError("round_closed", `the round ${roundId} closed before the sheet came`);
      const needed = sheet.bond * BigInt(sheet.slots);
      const stake = set.book.balance(stakeAccount);
      if (stake < needed)
        throw new StoaError(
          "stake_too_small",
          `${sheet.slots} slots at a bond of ${sheet.bond} need ${needed} staked, ${node} has ${stake} free`,
        );
      set.addSheet({
        ...key,
        sheet: encodeTyped("BidSheet", sheet),
        signature,
        answers,
        receiptSignature: receipted.signature,
        receivedAt: set.now,
      });
      return receipted;
    },
  });
}
