import {
  FIRST_PREVIOUS_HASH,
  type Hash,
  hashJson,
  type RoundRecord,
  type Supplement,
  supplementHash,
} from "@stoa/protocol";
import { disagree, requireSame, requireSameAddress } from "./verification.ts";

/** A closed round as whoever lists its chain has it, nothing of it checked yet. */
export interface ListedRound {
  roundId: Hash;
  outcomeHash: Hash;
  /** The hash of the record it follows. */
  previousHash: Hash;
  /** Hashes of its re-awards, oldest first. */
  supplements: readonly Hash[];
}

/**
 * Follows a segment's rounds, the newest first, each to the one it names.
 * @param options.head the hash the newest must have; its own when absent
 * @param options.end the hash the oldest must follow; zeros, before the first of all, when absent
 * @returns what was found, in words
 * @throws {StoaError} `invalid_record` naming the round that is missing, out of its place, or in another's
 */
export function checkChainLinks(
  rounds: readonly ListedRound[],
  { head, end = FIRST_PREVIOUS_HASH }: { head?: Hash | undefined; end?: Hash } = {},
): string {
  let expected = head ?? rounds[0]?.outcomeHash ?? end;
  let follower = "what the chain must begin with";
  for (const [at, round] of rounds.entries()) {
    if (round.outcomeHash !== expected) disagree(whatIsWrong(rounds, at, expected, follower));
    expected = round.previousHash;
    follower = `round ${round.roundId}`;
  }
  if (expected !== end) disagree(`the record ${expected}, which ${follower} follows, is missing at the chain's end`);
  return `${rounds.length} rounds, each follows the one before`;
}

function whatIsWrong(rounds: readonly ListedRound[], at: number, expected: Hash, follower: string): string {
  const stands = rounds[at]!;
  const later = rounds.findIndex(({ outcomeHash }, index) => index > at && outcomeHash === expected);
  if (later >= 0) return `round ${rounds[later]!.roundId} is out of its place: round ${stands.roundId} stands in it`;
  return `the record ${expected}, which ${follower} follows, is missing: round ${stands.roundId} (${stands.outcomeHash}) stands in its place`;
}

/** What of a segment every record of its chain must agree in. */
export interface ChainTerms {
  segment: string;
  operator: string;
}

/**
 * Checks that a record is the one its chain names: that it hashes to what the list says, is of the segment and the
 * operator, and follows what it is listed to follow. Whether it is right in itself is for `verifyRecord`.
 * @throws {StoaError} `invalid_record`
 */
export function checkChainRecord(round: ListedRound, record: RoundRecord, { segment, operator }: ChainTerms): void {
  const { opening } = record.body;
  const what = `round ${round.roundId}`;
  const hash = hashJson(record.body);
  if (hash !== round.outcomeHash)
    disagree(`${what} was replaced: its record hashes to ${hash}, the chain has ${round.outcomeHash}`);
  requireSame(`the id of ${what}`, hashJson(opening), round.roundId);
  requireSame(`the segment of ${what}`, opening.segment, segment);
  requireSameAddress(`the operator of ${what}`, opening.operator, operator);
  requireSame(`what ${what} follows`, opening.previousHash, round.previousHash);
}

/**
 * Checks that a round's re-awards follow it and one another, and are all those that are listed.
 * @throws {StoaError} `invalid_record` naming the re-award
 */
export function checkChainSupplements(round: ListedRound, supplements: readonly Supplement[]): void {
  const what = (at: number) => `re-award ${at + 1} of round ${round.roundId}`;
  let previous = round.outcomeHash;
  for (const [at, supplement] of supplements.entries()) {
    requireSame(`what ${what(at)} follows`, supplement.previousHash, previous);
    requireSame(`the round of ${what(at)}`, supplement.roundId, round.roundId);
    previous = supplementHash(supplement);
    requireSame(`the hash of ${what(at)}`, previous, round.supplements[at]);
  }
  requireSame(`the number of re-awards of round ${round.roundId}`, supplements.length, round.supplements.length);
}

/** A hash that was anchored as a segment's head, and how many rounds it ends. */
export interface AnchoredPosition {
  head: Hash;
  position: number;
}

/**
 * Checks that every anchored head is in a segment's whole chain, where its anchor says. Heads beyond the newest listed
 * round are left out when the list does not begin with the newest of all.
 * @throws {StoaError} `invalid_record` naming the head that the chain does not have
 */
export function checkChainAnchors(
  rounds: readonly ListedRound[],
  anchors: readonly AnchoredPosition[],
  { isWhole }: { isWhole: boolean },
): string {
  let under = 0;
  for (const { head, position } of anchors) {
    const round = rounds[rounds.length - position];
    if (!round && !isWhole) continue;
    if (round?.outcomeHash !== head)
      disagree(
        `${head} is anchored as round ${position} of the chain, which has ${round?.outcomeHash ?? `only ${rounds.length} rounds`}`,
      );
    under = Math.max(under, position);
  }
  return `${under} of ${rounds.length} rounds lie under an anchor`;
}
