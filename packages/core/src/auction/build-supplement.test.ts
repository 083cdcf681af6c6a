import { type RoundRecord, supplementHash } from "@stoa/protocol";
import { beforeAll, describe, expect, it } from "vitest";
import { signedRound, testKey } from "../../tests/signed-round.ts";
import { buildRecord } from "./build-record.ts";
import { buildSupplement, type FaultReport } from "./build-supplement.ts";
import { verifySupplement } from "./verify-supplement.ts";
import { whyUnserved } from "./why-unserved.ts";

const node = (index: number) => testKey(500 + index).address;
let record: RoundRecord;
let orderHash: `0x${string}`;
let fault: FaultReport["fault"];

beforeAll(async () => {
  const inputs = await signedRound({
    feeBps: 250,
    maxPrices: [50_000],
    royalty: 500,
    nodes: [
      { slots: 1, asks: [10_000] },
      { slots: 1, asks: [14_000] },
      { slots: 1, asks: [20_000] },
      { slots: 1, asks: [-2] },
    ],
  });
  record = buildRecord(inputs).record;
  orderHash = inputs.opening.tasks[0]!.orderHash;
  fault = { node: node(0), orderHash, reason: "not_started", at: inputs.opening.openedAt + 31_000 };
});

const price = (text: string | undefined) => Number(text);

describe("a task whose winner failed", () => {
  it("goes to the next best bid at the price of a clearing of its own, and the failed node pays the difference", async () => {
    expect(price(record.body.outcome.awards[0]?.price)).toBeCloseTo(14_500, -1);
    const { supplement, award, damages } = buildSupplement({
      record,
      earlier: [],
      fault,
      freeNodes: [node(0), node(1), node(2), node(3)],
    });
    expect(award?.node).toBe(node(1));
    expect(supplement.candidates).toEqual([node(1), node(2)]);
    expect(Number(award?.price)).toBeCloseTo(20_500, -1);
    const difference = award!.price - BigInt(record.body.outcome.awards[0]!.price);
    // The bond of 5000 caps the debt of about 6000; all of it goes to the requester.
    expect(difference > 5_000n).toBe(true);
    expect(damages).toEqual({ owed: 5_000n, toRequester: 5_000n, toFaultPool: 0n });
    expect(supplement.previousHash).toBe(record.outcomeHash);
    expect((await verifySupplement(record, [], JSON.parse(JSON.stringify(supplement)))).ok).toBe(true);
  });

  it("goes on down the bids, each supplement chained to the last, until nobody is left", async () => {
    const freeNodes = [node(0), node(1), node(2)];
    const first = buildSupplement({ record, earlier: [], fault, freeNodes }).supplement;
    const second = buildSupplement({
      record,
      earlier: [first],
      fault: { ...fault, node: node(1), at: fault.at + 1 },
      freeNodes,
    });
    expect(second.supplement.previousHash).toBe(supplementHash(first));
    expect(second.award?.node).toBe(node(2));
    // The last candidate competes with nobody: it is paid the task's whole worth.
    expect(Number(second.award?.price)).toBeCloseTo(48_780, -1);
    const earlier = [first, second.supplement];
    const third = buildSupplement({ record, earlier, fault: { ...fault, node: node(2), at: fault.at + 2 }, freeNodes });
    expect(third.award).toBeNull();
    expect(third.damages.toRequester).toBe(0n);
    expect((await verifySupplement(record, earlier, third.supplement)).ok).toBe(true);
    expect(() => buildSupplement({ record, earlier: [...earlier, third.supplement], fault, freeNodes })).toThrow(
      /held by no node/,
    );
  });

  it("is not given to a node whose bid has expired or that has no free slot", () => {
    expect(buildSupplement({ record, earlier: [], fault, freeNodes: [node(2)] }).award?.node).toBe(node(2));
    const late = { ...fault, at: fault.at + 300_000 };
    expect(buildSupplement({ record, earlier: [], fault: late, freeNodes: [node(1), node(2)] }).award).toBeNull();
  });

  it("is proved by its own duals, and the price is what the second best bid leaves", async () => {
    const { supplement, award } = buildSupplement({ record, earlier: [], fault, freeNodes: [node(1), node(2)] });
    const { total, withoutWinner, taskDual, nodeDuals } = supplement.certificate!;
    expect(taskDual).toBe(withoutWinner);
    expect(nodeDuals).toEqual([String(award!.margin), "0"]);
    expect(BigInt(total) - BigInt(withoutWinner)).toBe(award!.margin);
    expect(supplement.award?.share).toBe(supplement.award?.margin);
  });

  it("without a certificate, as it was made before there was one, is checked by clearing again", async () => {
    const { certificate: _, ...older } = buildSupplement({
      record,
      earlier: [],
      fault,
      freeNodes: [node(1), node(2)],
    }).supplement;
    expect((await verifySupplement(record, [], older)).ok).toBe(true);
    const bad = { ...older, award: { ...older.award!, price: "20000" } };
    expect((await verifySupplement(record, [], bad)).ok).toBe(false);
  });

  it("cannot be taken from a node that does not hold it", () => {
    expect(() => buildSupplement({ record, earlier: [], fault: { ...fault, node: node(1) }, freeNodes: [] })).toThrow(
      /is held by 0x/,
    );
  });

  it("has a supplement that is rejected when any of its amounts or names is changed", async () => {
    const { supplement } = buildSupplement({ record, earlier: [], fault, freeNodes: [node(1), node(2)] });
    const changed = [
      { ...supplement, previousHash: record.roundId },
      { ...supplement, fault: { ...fault, node: node(2) } },
      { ...supplement, forfeited: { ...supplement.forfeited, price: "1" } },
      { ...supplement, award: null },
      { ...supplement, award: { ...supplement.award!, price: "20000" } },
      { ...supplement, damages: { ...supplement.damages, owed: "4999" } },
      { ...supplement, candidates: [...supplement.candidates, node(3)] },
      { ...supplement, candidates: "none" },
      { ...supplement, candidates: [...supplement.candidates, ...supplement.candidates] },
      // Another candidate, at its own right price, that the duals do not bear out.
      { ...supplement, award: buildSupplement({ record, earlier: [], fault, freeNodes: [node(2)] }).supplement.award },
      { ...supplement, award: { ...supplement.award!, margin: "1", share: "1" } },
      ...Object.entries(supplement.certificate!).map(([field, value]) => ({
        ...supplement,
        certificate: {
          ...supplement.certificate,
          [field]: Array.isArray(value) ? value.map((dual) => String(BigInt(dual) + 1n)) : String(BigInt(value) + 1n),
        },
      })),
      { ...supplement, certificate: { ...supplement.certificate!, nodeDuals: [] } },
      null,
    ];
    for (const bad of changed) expect((await verifySupplement(record, [], bad)).ok).toBe(false);
  });
});

describe("a task nobody got", () => {
  it("says why, per node", async () => {
    const inputs = await signedRound({
      feeBps: 0,
      maxPrices: [10_000, 9_000],
      royalty: 500,
      nodes: [
        { slots: 1, asks: [1_000, 1_000] },
        { slots: 1, asks: [-2, -3] },
        { slots: 1, asks: [-2, 9_000] },
        { slots: 1, asks: [-2, 2_000], provider: 101 },
        { slots: 1, asks: [], silent: true },
        { slots: 1, asks: [-2, -99] },
      ],
    });
    const { clearing } = buildRecord(inputs);
    const unserved = inputs.opening.tasks[1]!.orderHash;
    expect(clearing.unserved).toEqual([unserved]);
    expect(
      whyUnserved(inputs, clearing.barred, [unserved])
        .get(unserved)
        ?.map(({ reason }) => reason),
    ).toEqual(["outbid", "price_too_low", "below_cost", "same_owner", "no_answer", "unknown_reason"]);
  });
});
