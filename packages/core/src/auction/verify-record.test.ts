import fc from "fast-check";
import { encodeTyped, hashJson, type Json, type RoundRecord, signTyped } from "@stoa/protocol";
import { beforeAll, describe, expect, it } from "vitest";
import { buildRecord } from "./build-record.ts";
import { bend, leavesOf, type Path, withLeaf } from "../../tests/alter-json.ts";
import { anyRoundPlan, rehash, type RoundPlan, signedRound, testKey } from "../../tests/signed-round.ts";
import { requireSheet } from "./require-sheet.ts";
import { verifyRecord } from "./verify-record.ts";

const PLAN: RoundPlan = {
  feeBps: 250,
  maxPrices: [50_000, 40_000, 9_000],
  royalty: 500,
  sessionOf: 1,
  nodes: [
    { slots: 1, asks: [10_000, 12_000, 30_000] },
    { slots: 2, asks: [14_000, 11_000, 31_000], penaltyBps: 100 },
    { slots: 1, asks: [20_000, -3, -4] },
    { slots: 1, asks: [], silent: true },
  ],
};

let record: RoundRecord;
beforeAll(async () => {
  record = buildRecord(await signedRound(PLAN)).record;
});

// Checking a record recovers a dozen signatures.
describe("a round's public record", { timeout: 60_000 }, () => {
  it("checks out, after a trip through JSON text", async () => {
    const report = await verifyRecord(JSON.parse(JSON.stringify(record)), { payments: true });
    expect(report.firstFailure).toBeUndefined();
    expect(report.ok).toBe(true);
    expect(report.checks.map(({ name }) => name)).toEqual([
      "shape",
      "round_id",
      "opening",
      "snapshot",
      "orders",
      "nodes",
      "versions",
      "close",
      "weights",
      "allocation",
      "certificate",
      "prices",
      "payments",
      "hashes",
    ]);
    expect(record.body.outcome.awards.length).toBeGreaterThanOrEqual(2);
  });

  it("checks out for whoever clears small random rounds", async () => {
    await fc.assert(
      fc.asyncProperty(anyRoundPlan, async (drawn) => {
        const report = await verifyRecord(buildRecord(await signedRound(drawn)).record, { payments: true });
        expect(report.firstFailure).toBeUndefined();
      }),
      { numRuns: 60 },
    );
  });

  it("is rejected whatever byte of its text is changed", async () => {
    const text = JSON.stringify(record);
    await fc.assert(
      fc.asyncProperty(fc.nat(text.length - 1), fc.integer({ min: 32, max: 126 }), async (at, code) => {
        const changed = text.slice(0, at) + String.fromCharCode(code) + text.slice(at + 1);
        let parsed: Json;
        try {
          parsed = JSON.parse(changed) as Json;
        } catch {
          return;
        }
        const report = await verifyRecord(parsed);
        expect(report.ok).toBe(hashJson(parsed) === hashJson(record));
      }),
      { numRuns: 250 },
    );
  });

  it("is rejected whatever field is changed, even when whoever changed it hashes everything again", async () => {
    // When a round closed within its window is the operator's word; duals are theirs to choose as long as they certify.
    const free = (path: Path) => path[0] !== "body" || path.join("/") === "body/close/at";
    const leaves = leavesOf(record).filter(({ path }) => !free(path));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...leaves), fc.nat(200), async ({ path }, at) => {
        const report = await verifyRecord(rehash(withLeaf(record, path, (value) => bend(value, at))), {
          payments: true,
        });
        expect(report.ok, path.join("/")).toBe(false);
      }),
      { numRuns: 200 },
    );
  });

  it("is rejected when a node's sheet, a version, a task or an award is left out", async () => {
    const cut = (change: (body: RoundRecord["body"]) => void) => {
      const copy = structuredClone(record);
      change(copy.body);
      return verifyRecord(rehash(copy));
    };
    expect((await cut((body) => (body.nodes[0]!.sheet = null))).firstFailure?.name).toBe("close");
    expect((await cut((body) => body.nodes.pop())).firstFailure?.name).toBe("nodes");
    expect((await cut((body) => (body.versions = []))).firstFailure?.name).toBe("versions");
    expect((await cut((body) => body.opening.tasks.pop())).firstFailure?.name).toBe("opening");
    expect((await cut((body) => body.outcome.awards.pop())).firstFailure?.name).toBe("allocation");
    expect((await cut((body) => body.nodes[0]!.sheet!.answers.pop())).firstFailure?.name).toBe("nodes");
  });

  it("is rejected when a sheet answers twice, for another task, or with bids that end before the window", async () => {
    const inputs = await signedRound(PLAN);
    const node = inputs.nodes[0]!.sheet!;
    const context = { opening: inputs.opening, roundId: hashJson(inputs.opening), node: node.sheet.node };
    await expect(requireSheet(context, node)).resolves.toBeUndefined();
    const [first, second] = node.answers;
    const foreign = { ...first!, orderHash: hashJson("another") };
    await expect(requireSheet(context, { ...node, answers: [first!, first!, second!] })).rejects.toMatchObject({
      code: "invalid_bid",
    });
    await expect(requireSheet(context, { ...node, answers: [...node.answers, foreign] })).rejects.toMatchObject({
      code: "not_announced",
    });
    await expect(requireSheet(context, { ...node, sheet: { ...node.sheet, expiresAt: "1" } })).rejects.toThrow(
      /before the window ends/,
    );
    await expect(requireSheet(context, { ...node, sheet: { ...node.sheet, slots: 9 } })).rejects.toMatchObject({
      code: "wrong_signature",
    });
  });

  it("names the first thing that is wrong, actual beside expected", async () => {
    const dear = withLeaf(record, ["body", "outcome", "awards", 0, "price"], (price) => String(Number(price) + 1));
    const { firstFailure } = await verifyRecord(rehash(dear));
    expect(firstFailure?.name).toBe("prices");
    expect(firstFailure?.detail).toMatch(/^the price of task 0x[0-9a-f]{64} is \d+, expected \d+$/);
    expect((await verifyRecord(record, { outcomeHash: hashJson("another") })).firstFailure?.name).toBe("hashes");
  });

  it("shows a W(N∖j) that is consistent with its prices but wrong, unless payments are not asked for", async () => {
    const lone = buildRecord(await signedRound({ ...PLAN, nodes: [PLAN.nodes[0]!], maxPrices: [50_000] })).record;
    const forged = structuredClone(lone);
    const { outcome } = forged.body;
    const [award] = outcome.awards;
    // The operator pretends that the node competed with somebody, and pays it less.
    const less = 10_000n << 16n;
    outcome.withoutNode[0]!.total = less.toString();
    award!.margin = (BigInt(outcome.total) - less).toString();
    award!.share = award!.margin;
    award!.price = (BigInt(award!.price) - 10_000n).toString();
    award!.payment = (BigInt(award!.payment) - 10_000n).toString();
    award!.fee = ((BigInt(award!.price) * 250n) / 10_000n).toString();
    award!.charge = (BigInt(award!.price) + BigInt(award!.fee)).toString();
    expect((await verifyRecord(rehash(forged))).ok).toBe(true);
    expect((await verifyRecord(rehash(forged), { payments: true })).firstFailure?.name).toBe("payments");
  });

  it("is rejected when an order is signed by a session key beyond its limits", async () => {
    const inputs = await signedRound(PLAN);
    const task = inputs.opening.tasks[1]!;
    const wallet = testKey(101);
    const key = {
      wallet: wallet.address,
      key: testKey(300).address,
      token: inputs.opening.tasks[0]!.order.token,
      maxPerOrder: 39_999n,
      maxTotal: 10n ** 9n,
      expiresAt: 1_900_000_000n,
      nonce: 1n,
    };
    task.session = {
      key: encodeTyped("SessionKey", key),
      signature: await signTyped(wallet, inputs.opening.domain, "SessionKey", key),
    };
    inputs.openingSignature = await signTyped(testKey(1), inputs.opening.domain, "Opening", {
      roundId: hashJson(inputs.opening),
    });
    for (const node of inputs.nodes) if (node.sheet) node.sheet.sheet.roundId = hashJson(inputs.opening);
    expect((await verifyRecord(buildRecord(inputs).record)).firstFailure?.detail).toBe(
      "the order's maximum is 40000, the session key allows 39999",
    );
  });

  it("reports, and never throws, on anything that is no record", async () => {
    for (const junk of [
      null,
      undefined,
      1,
      "text",
      [],
      {},
      { body: null },
      { ...record, body: { ...record.body, nodes: [null] } },
    ]) {
      const report = await verifyRecord(junk);
      expect(report.ok).toBe(false);
      expect(report.firstFailure?.name).toBe("shape");
    }
    const huge = withLeaf(record, ["body", "opening", "tasks", 0, "order", "maxPrice"], () => "9999999999999999999");
    expect((await verifyRecord(rehash(huge))).ok).toBe(false);
  });
});
