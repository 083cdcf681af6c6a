import fc from "fast-check";
import { type Hash, hashJson, type RoundRecord, supplementHash } from "@stoa/protocol";
import { beforeAll, describe, expect, it } from "vitest";
import { rehash, signedRound } from "../../tests/signed-round.ts";
import { buildRecord } from "./build-record.ts";
import { buildSupplement } from "./build-supplement.ts";
import {
  checkChainAnchors,
  checkChainLinks,
  checkChainRecord,
  checkChainSupplements,
  type ListedRound,
} from "./check-chain.ts";

const FIRST: Hash = `0x${"00".repeat(32)}`;

/** A chain of so many rounds, the newest first. */
function chainOf(length: number): ListedRound[] {
  const rounds: ListedRound[] = [];
  for (let at = 0; at < length; at += 1) {
    const previousHash = rounds.at(-1)?.outcomeHash ?? FIRST;
    const outcomeHash = hashJson({ at, previousHash });
    rounds.push({ roundId: hashJson(`round ${at}`), outcomeHash, previousHash, supplements: [] });
  }
  return rounds.reverse();
}

describe("a segment's chain of rounds", () => {
  it("is followed from its newest round to before its first", () => {
    expect(checkChainLinks(chainOf(5))).toMatch(/^5 rounds/);
    expect(checkChainLinks([])).toMatch(/^0 rounds/);
    const [newest, ...rest] = chainOf(5);
    expect(checkChainLinks(rest, { head: newest!.previousHash })).toMatch(/^4 rounds/);
    expect(checkChainLinks([newest!], { end: newest!.previousHash })).toMatch(/^1 rounds/);
  });

  it("names the round that is missing, out of its place or in another's, wherever that is", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 12 }), fc.nat(), fc.nat(), (length, first, second) => {
        const whole = chainOf(length);
        const at = first % length;
        const head = whole[0]!.outcomeHash;
        const missing = whole.toSpliced(at, 1);
        expect(() => checkChainLinks(missing, { head })).toThrow(whole[at]!.outcomeHash);
        const other = { ...whole[at]!, outcomeHash: hashJson("another") };
        expect(() => checkChainLinks(whole.with(at, other), { head })).toThrow(whole[at]!.outcomeHash);
        expect(() => checkChainLinks(whole.toSpliced(at, 0, whole[at]!), { head })).toThrow(/missing|out of its place/);
        const to = second % length;
        if (to === at) return;
        const swapped = whole.with(at, whole[to]!).with(to, whole[at]!);
        expect(() => checkChainLinks(swapped, { head })).toThrow(
          `${whole[Math.min(at, to)]!.roundId} is out of its place`,
        );
      }),
    );
  });

  it("says that the first rounds are missing when it does not go back to the first", () => {
    expect(() => checkChainLinks(chainOf(5).slice(0, 3))).toThrow(/is missing at the chain's end/);
    expect(() => checkChainLinks([], { head: hashJson("a round") })).toThrow(/is missing at the chain's end/);
  });

  it("has every anchored head where its anchor says", () => {
    const whole = chainOf(6);
    const headAt = (position: number) => ({ head: whole[6 - position]!.outcomeHash, position });
    expect(checkChainAnchors(whole, [headAt(5), headAt(2)], { isWhole: true })).toMatch(/^5 of 6/);
    expect(checkChainAnchors(whole, [], { isWhole: true })).toMatch(/^0 of 6/);
    // Round 3 and all after it made anew: every link fits, and the anchor tells.
    const again = chainOf(6).map((round, at) => (at < 4 ? { ...round, outcomeHash: hashJson(`again ${at}`) } : round));
    const relinked = again.map((round, at) => ({ ...round, previousHash: again[at + 1]?.outcomeHash ?? FIRST }));
    expect(checkChainLinks(relinked)).toMatch(/^6 rounds/);
    expect(() => checkChainAnchors(relinked, [headAt(5), headAt(2)], { isWhole: true })).toThrow(
      `${headAt(5).head} is anchored as round 5`,
    );
    const moved = { ...headAt(5), position: 4 };
    expect(() => checkChainAnchors(whole, [moved], { isWhole: true })).toThrow(/is anchored as round 4/);
    // The newest rounds kept back.
    expect(() => checkChainAnchors(whole.slice(2), [headAt(5)], { isWhole: true })).toThrow(/has only 4 rounds/);
    expect(checkChainAnchors(whole.slice(2), [headAt(5), headAt(2)], { isWhole: false })).toMatch(/^2 of 4/);
  });
});

describe("a record of a chain", () => {
  let record: RoundRecord;
  let listed: ListedRound;
  const terms = () => ({ segment: record.body.opening.segment, operator: record.body.opening.operator });

  beforeAll(async () => {
    const plan = { feeBps: 0, maxPrices: [50_000], royalty: 0 };
    const nodes = [10_000, 20_000, 30_000].map((ask) => ({ slots: 1, asks: [ask] }));
    record = buildRecord(await signedRound({ ...plan, nodes })).record;
    const { roundId, outcomeHash, body } = record;
    listed = { roundId, outcomeHash, previousHash: body.opening.previousHash, supplements: [] };
  });

  it("is the one that the chain names, of its segment and operator", () => {
    expect(() => checkChainRecord(listed, record, terms())).not.toThrow();
    const later = structuredClone(record);
    later.body.close.at += 1;
    // The hashes it carries itself prove nothing.
    for (const other of [later, rehash(later)])
      expect(() => checkChainRecord(listed, other, terms())).toThrow(`round ${record.roundId} was replaced`);
    expect(() => checkChainRecord(listed, record, { ...terms(), segment: "data.profile" })).toThrow(/segment/);
    expect(() => checkChainRecord(listed, record, { ...terms(), operator: FIRST.slice(0, 42) })).toThrow(/operator/);
    expect(() => checkChainRecord({ ...listed, previousHash: hashJson("x") }, record, terms())).toThrow(/follows/);
    expect(() => checkChainRecord({ ...listed, roundId: hashJson("x") }, record, terms())).toThrow(/the id of/);
  });

  it("is followed by its re-awards, each by the next, and by no more or fewer than are listed", () => {
    const { orderHash, node } = record.body.outcome.awards[0]!;
    const freeNodes = record.body.opening.asked.map((asked) => asked.node);
    const fault = { node, orderHash, reason: "refused" as const, at: record.body.close.at + 1 };
    const first = buildSupplement({ record, earlier: [], fault, freeNodes }).supplement;
    const next = { ...fault, node: first.award!.node, at: fault.at + 1 };
    const second = buildSupplement({ record, earlier: [first], fault: next, freeNodes }).supplement;
    const whole = { ...listed, supplements: [first, second].map(supplementHash) };
    expect(() => checkChainSupplements(whole, [first, second])).not.toThrow();
    expect(() => checkChainSupplements(whole, [second, first])).toThrow(/what re-award 1 of round 0x\w+ follows/);
    expect(() => checkChainSupplements(whole, [first])).toThrow(/the number of re-awards/);
    expect(() => checkChainSupplements(whole, [second])).toThrow(/what re-award 1/);
    expect(() => checkChainSupplements(listed, [first])).toThrow(/the hash of re-award 1/);
    const bent = { ...first, fault: { ...first.fault, at: first.fault.at + 1 } };
    expect(() => checkChainSupplements(whole, [bent, second])).toThrow(/the hash of re-award 1/);
  });
});
