import { type RoundRecord, type SheetReceipt, signTyped } from "@stoa/protocol";
import { beforeAll, describe, expect, it } from "vitest";
import { rehash, signedRound, testKey } from "../../tests/signed-round.ts";
import { buildRecord } from "./build-record.ts";
import { proveOmission, type SignedReceipt } from "./prove-omission.ts";
import { verifyRecord } from "./verify-record.ts";

let record: RoundRecord;
let given: SignedReceipt;
const operator = testKey(1);

async function receiptBy(key: typeof operator, changes: Partial<SheetReceipt> = {}): Promise<SignedReceipt> {
  const receipt = { ...given.receipt, ...changes };
  return { receipt, signature: await signTyped(key, record.body.opening.domain, "SheetReceipt", receipt) };
}

beforeAll(async () => {
  const nodes = [10_000, 20_000].map((ask) => ({ slots: 1, asks: [ask] }));
  record = buildRecord(await signedRound({ feeBps: 0, maxPrices: [50_000], royalty: 0, nodes })).record;
  const { sheet, receipt: signature } = record.body.nodes[0]!.sheet!;
  given = { receipt: { roundId: record.roundId, node: sheet.node, answersRoot: sheet.answersRoot }, signature };
});

describe("a receipt for a sheet", () => {
  it("proves nothing against a record that has the sheet", async () => {
    expect(await proveOmission(given, record)).toBeNull();
  });

  it("is proof against the operator whose record says that the node did not answer, right as it is otherwise", async () => {
    const without = structuredClone(record);
    without.body.nodes[0]!.sheet = null;
    const { opening, openingSignature, snapshot, nodes, versions } = without.body;
    const close = { at: opening.openedAt + opening.windowMs, reason: "window_elapsed" as const };
    const forged = buildRecord({ opening, openingSignature, snapshot, nodes, versions, close }).record;
    expect(await verifyRecord(forged, { payments: true })).toMatchObject({ ok: true });
    expect(await proveOmission(given, forged)).toEqual({
      operator: operator.address,
      roundId: record.roundId,
      node: given.receipt.node,
      receipted: given.receipt.answersRoot,
      recorded: null,
      receiptSignature: given.signature,
      outcomeHash: forged.outcomeHash,
    });
  });

  it("is proof against a record with other answers of the node", async () => {
    const other = structuredClone(record);
    const { answersRoot } = other.body.nodes[1]!.sheet!.sheet;
    other.body.nodes[0]!.sheet!.sheet.answersRoot = answersRoot;
    expect(await proveOmission(given, rehash(other))).toMatchObject({ recorded: answersRoot });
  });

  it("proves nothing when another signed it, or when it is for another round", async () => {
    const forged = await receiptBy(testKey(9), { answersRoot: record.outcomeHash });
    await expect(proveOmission(forged, record)).rejects.toMatchObject({ code: "wrong_signature" });
    const foreign = await receiptBy(operator, { roundId: record.outcomeHash });
    await expect(proveOmission(foreign, record)).rejects.toMatchObject({ code: "invalid_request" });
    const own = await receiptBy(operator, { answersRoot: record.outcomeHash });
    expect(await proveOmission(own, record)).toMatchObject({ receipted: record.outcomeHash });
  });
});
