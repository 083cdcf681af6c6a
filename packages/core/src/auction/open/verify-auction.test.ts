import fc from "fast-check";
import { FIRST_PREVIOUS_HASH, hashJson, type OpenAuctionRecord, type OpenOffer } from "@stoa/protocol";
import { beforeAll, describe, expect, it } from "vitest";
import { auctionNode, type PlannedOffer, signedAuction } from "../../../tests/signed-auction.ts";
import { checkOrders } from "../check-signatures.ts";
import { buildAuctionRecord } from "./build-auction-record.ts";
import { buildAuctionSupplement } from "./build-auction-supplement.ts";
import { verifyAuction } from "./verify-auction.ts";
import { verifyAuctionSupplement } from "./verify-auction-supplement.ts";

const node = (index: number) => auctionNode(index).address;
const OFFERS: readonly PlannedOffer[] = [
  { node: 0, afterMs: 10, says: 48_780n },
  { node: 1, afterMs: 20, says: 48_000n },
  { node: 2, afterMs: 30, says: 47_000n },
  { node: 3, afterMs: 35, says: "no_free_slot" },
  { node: 1, afterMs: 8_500, says: 45_000n },
  { node: 0, afterMs: 11_900, says: 44_500n },
];
/** Two late bids, each two seconds more. */
const END_MS = 14_000;

type Path = readonly (string | number)[];

function leavesOf(value: unknown, path: Path = []): { path: Path; value: unknown }[] {
  if (typeof value !== "object" || value === null) return [{ path, value }];
  return Object.entries(value).flatMap(([key, part]) =>
    leavesOf(part, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}

/** The record with one value of it another of the same look. */
function altered(record: OpenAuctionRecord, path: Path, at: number): OpenAuctionRecord {
  const copy = structuredClone(record) as unknown as Record<string | number, unknown>;
  const parent = path.slice(0, -1).reduce((part, key) => part[key] as typeof copy, copy);
  const last = path.at(-1)!;
  parent[last] = bend(parent[last], at);
  return copy as unknown as OpenAuctionRecord;
}

function bend(value: unknown, at: number): unknown {
  if (typeof value === "boolean") return !value;
  if (typeof value === "number") return value + 1;
  if (value === null) return {};
  const text = value as string;
  const digits = [...text.matchAll(/[0-9]/g)].map(({ index }) => index).filter((i) => !text.startsWith("0x") || i > 1);
  if (digits.length === 0) return `${text}x`;
  const index = digits[at % digits.length]!;
  return text.slice(0, index) + ((Number(text[index]) % 9) + 1) + text.slice(index + 1);
}

const rehash = ({ body }: OpenAuctionRecord): OpenAuctionRecord => ({
  auctionId: hashJson(body.opening),
  outcomeHash: hashJson(body),
  body,
});

let record: OpenAuctionRecord;
let openedAt: number;
beforeAll(async () => {
  const inputs = await signedAuction(4, OFFERS);
  openedAt = inputs.opening.openedAt;
  const end = { at: openedAt + END_MS, previousHash: FIRST_PREVIOUS_HASH, isWithdrawn: false };
  record = buildAuctionRecord(inputs, end).record;
});

const failing = async (given: unknown) => (await verifyAuction(given)).firstFailure;
const withOffers = (change: (offers: OpenOffer[]) => OpenOffer[]) =>
  rehash({ ...record, body: { ...record.body, offers: change(structuredClone(record.body.offers)) } });

// Checking a record recovers two dozen signatures.
describe("an open auction's public record", { timeout: 120_000 }, () => {
  it("checks out after a trip through JSON text, and awards the lowest bid at its own price", async () => {
    const report = await verifyAuction(JSON.parse(JSON.stringify(record)), { outcomeHash: record.outcomeHash });
    expect(report.firstFailure).toBeUndefined();
    expect(record.body.outcome.award).toMatchObject({ node: node(0), number: 5, price: "44500", ask: "44000" });
    expect(record.body.close).toMatchObject({ reason: "ended" });
  });

  it("is rejected when any value of a bid is altered, even with all hashes made to fit", async () => {
    const leaves = leavesOf(record).filter(({ path }) => path[0] === "body");
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...leaves), fc.nat(60), async ({ path }, at) => {
        const bent = altered(record, path, at);
        expect((await verifyAuction(bent)).ok).toBe(false);
        // An instant is the operator's word: another one that keeps order and end is a record as good.
        const isInstant = path.at(-1) === "at" || path.at(-1) === "previousHash";
        if (!isInstant) expect(await failing(rehash(bent))).toBeDefined();
      }),
      { numRuns: 200 },
    );
  });

  it("is rejected when a bid is dropped, moved, repeated or made by a stranger, and says where", async () => {
    expect(await failing(withOffers((offers) => offers.toSpliced(1, 1)))).toMatchObject({ name: "offers" });
    expect(await failing(withOffers((offers) => offers.slice(0, -1)))).toMatchObject({ name: "outcome" });
    const swapped = withOffers(([first, second, ...rest]) => [second!, first!, ...rest]);
    expect(await failing(swapped)).toMatchObject({ name: "offers" });
    expect(await failing(withOffers((offers) => [...offers, offers.at(-1)!]))).toMatchObject({ name: "offers" });
    const other = await signedAuction(4, [{ node: 5, afterMs: 1, says: 40_000n }]);
    expect(await failing(withOffers(() => other.offers))).toMatchObject({ name: "bidding" });
  });

  it("is rejected when the lead was undercut by too little, or too late", async () => {
    const close = { previousHash: FIRST_PREVIOUS_HASH, isWithdrawn: false };
    const timid = await signedAuction(4, [...OFFERS.slice(0, 2), { node: 2, afterMs: 30, says: 47_900n }]);
    expect(() => buildAuctionRecord(timid, { at: openedAt + 10_000, ...close })).toThrow("at most 47513");
    const given = rehash({ ...record, body: { ...record.body, ...timid } });
    expect(await failing(given)).toMatchObject({ name: "bidding", detail: expect.stringContaining("47513") });
    const late = await signedAuction(4, [OFFERS[0]!, { node: 1, afterMs: 10_000, says: 40_000n }]);
    expect(await failing(rehash({ ...record, body: { ...record.body, ...late } }))).toMatchObject({
      name: "bidding",
      detail: expect.stringContaining("ended"),
    });
  });

  it("is the only kind of auction that takes its task: no sealed round may", async () => {
    const { task, ...opening } = record.body.opening;
    const sealed = { opening: { ...opening, segment: task.spec.capability, tasks: [task] } };
    await expect(checkOrders(sealed)).rejects.toThrow("the auction that task 0 asks for is open, expected sealed");
    expect(await checkOrders(sealed, "open")).toBe("1 orders");
  });

  it("is rejected when it closed before its end, or was withdrawn with an award", async () => {
    const closedAt = (at: number) =>
      rehash({ ...record, body: { ...record.body, close: { ...record.body.close, at: openedAt + at } } });
    expect(await failing(closedAt(END_MS - 1))).toMatchObject({ name: "close" });
    expect(await failing(closedAt(END_MS))).toBeUndefined();
    const withdrawn = rehash({
      ...record,
      body: { ...record.body, close: { ...record.body.close, reason: "withdrawn" } },
    });
    expect(await failing(withdrawn)).toMatchObject({ name: "outcome" });
  });
});

describe("an open auction whose winner failed", { timeout: 120_000 }, () => {
  const faultOf = (index: number, at = openedAt + 60_000) => ({
    node: node(index),
    orderHash: record.body.opening.task.orderHash,
    reason: "not_started" as const,
    at,
  });
  const freeNodes = [node(0), node(1), node(2), node(3)];

  it("goes to the next best public bid at its own price, the failed node pays the difference, and so on", async () => {
    const first = buildAuctionSupplement({ record, earlier: [], fault: faultOf(0), freeNodes });
    expect(first.award).toMatchObject({ node: node(1), price: 45_000n });
    expect(first.supplement.candidates).toEqual([node(1), node(2)]);
    expect(first.damages).toEqual({ owed: 500n, toRequester: 500n, toFaultPool: 0n });
    expect((await verifyAuctionSupplement(record, [], JSON.parse(JSON.stringify(first.supplement)))).ok).toBe(true);
    const second = buildAuctionSupplement({ record, earlier: [first.supplement], fault: faultOf(1), freeNodes });
    expect(second.award).toMatchObject({ node: node(2), price: 47_000n });
    expect(second.supplement.previousHash).toBe(hashJson(first.supplement));
    const third = buildAuctionSupplement({
      record,
      earlier: [first.supplement, second.supplement],
      fault: faultOf(2),
      freeNodes,
    });
    expect(third.award).toBeNull();
    expect(third.damages).toEqual({ owed: 1_780n, toRequester: 0n, toFaultPool: 1_780n });
  });

  it("passes over nodes without a free slot and bids that expired", () => {
    const busy = buildAuctionSupplement({ record, earlier: [], fault: faultOf(0), freeNodes: [node(0), node(2)] });
    expect(busy.award).toMatchObject({ node: node(2) });
    expect(busy.damages).toMatchObject({ owed: 2_500n, toRequester: 2_500n });
    const late = buildAuctionSupplement({ record, earlier: [], fault: faultOf(0, openedAt + 600_000), freeNodes });
    expect(late.award).toBeNull();
    expect(late.damages).toEqual({ owed: 4_280n, toRequester: 0n, toFaultPool: 4_280n });
  });

  it("is rejected when the supplement names another node or other damages", async () => {
    const { supplement } = buildAuctionSupplement({ record, earlier: [], fault: faultOf(0), freeNodes });
    const check = async (change: object) =>
      (await verifyAuctionSupplement(record, [], { ...supplement, ...change })).firstFailure?.name;
    expect(await check({ award: { ...supplement.award!, price: "44999" } })).toBe("next_bid");
    expect(await check({ damages: { ...supplement.damages, owed: "501" } })).toBe("next_bid");
    expect(await check({ previousHash: FIRST_PREVIOUS_HASH })).toBe("next_bid");
  });
});
