import fc from "fast-check";
import { canonicalJson, hashJson, type Json, type RoundRecord, signTyped, supplementHash } from "@stoa/protocol";
import { beforeAll, describe, expect, it } from "vitest";
import { alterations } from "../../tests/alter-json.ts";
import { anyRoundPlan, rehash, type RoundPlan, signedRound, testKey } from "../../tests/signed-round.ts";
import { buildRecord } from "./build-record.ts";
import { buildSupplement } from "./build-supplement.ts";
import { roundMarket } from "./round-market.ts";
import { verifyRecord } from "./verify-record.ts";
import { verifySupplement } from "./verify-supplement.ts";
import { weighEdges } from "./weigh-edges.ts";

/** Two winners, one of them of two tasks; a loser, a pass, a penalty, a silent node and a session key. */
const PLAN: RoundPlan = {
  feeBps: 250,
  maxPrices: [50_000, 40_000, 45_000],
  royalty: 500,
  sessionOf: 1,
  nodes: [
    { slots: 1, asks: [10_000, 12_000, 30_000] },
    { slots: 2, asks: [14_000, 11_000, 12_000], penaltyBps: 100 },
    { slots: 1, asks: [15_000, -3, 13_000] },
    { slots: 1, asks: [], silent: true },
  ],
};

let record: RoundRecord;
let winner: number;

beforeAll(async () => {
  record = buildRecord(await signedRound(PLAN)).record;
  winner = record.body.opening.asked.findIndex(({ node }) => node === record.body.outcome.awards[0]!.node);
});

async function firstWrong(altered: unknown, payments: boolean) {
  const { ok, firstFailure } = await verifyRecord(altered, { payments, outcomeHash: record.outcomeHash });
  return ok ? undefined : firstFailure;
}

/** What only a hash shows: nothing else in a record says it, its order says nothing, or other duals prove the same. */
const SAID_ONCE = [
  /^(outcomeHash|certificateHash|body\/close\/at|body\/snapshot\/nodes|body\/nodes\/\d+\/sheet\/answers)$/,
  /^certificate\/(task|node)Duals\/\d+$/,
];

describe("a record that is altered after it was published", { timeout: 120_000 }, () => {
  it("is rejected wherever it is altered, and the first thing that is wrong is named", async () => {
    const text = canonicalJson(record);
    const caughtBy = new Map<string, number>();
    for (const { path, what, altered } of alterations(record)) {
      if (safeText(altered) === text) continue;
      const where = `${path.join("/")} ${what}`;
      const wrong = await firstWrong(altered, true);
      expect(wrong?.detail, where).toBeTruthy();
      caughtBy.set(wrong!.name, (caughtBy.get(wrong!.name) ?? 0) + 1);
      // Addresses and signatures mean the same in any case, and the hash alone tells their letters apart.
      if (wrong!.name !== "hashes" || /made "0x([0-9a-fA-F]{40}|[0-9a-fA-F]{130})"/.test(what)) continue;
      expect(
        SAID_ONCE.some((once) => once.test(path.join("/"))),
        `${where}: ${wrong!.detail}`,
      ).toBe(true);
    }
    expect([...caughtBy.values()].reduce((sum, count) => sum + count)).toBeGreaterThan(1_000);
    expect([...caughtBy.keys()].sort()).toEqual(
      "allocation certificate hashes nodes opening payments prices round_id shape snapshot versions weights".split(" "),
    );
  });

  it("is rejected when payments are not cleared again either, by the hash at the latest", async () => {
    const all = [...alterations(record)].filter(({ altered }) => safeText(altered) !== canonicalJson(record));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...all), async ({ path, what, altered }) => {
        expect(await firstWrong(altered, false), `${path.join("/")} ${what}`).toBeDefined();
      }),
      { numRuns: 300 },
    );
  });

  it("is rejected whatever byte of its canonical text is another", async () => {
    const text = canonicalJson(record);
    await fc.assert(
      fc.asyncProperty(fc.nat(text.length - 1), fc.integer({ min: 32, max: 126 }), async (at, code) => {
        const changed = text.slice(0, at) + String.fromCharCode(code) + text.slice(at + 1);
        let parsed: Json;
        try {
          parsed = JSON.parse(changed) as Json;
        } catch {
          return;
        }
        fc.pre(changed !== text);
        expect((await firstWrong(parsed, false))?.detail).toBeTruthy();
      }),
      { numRuns: 500 },
    );
  });

  it("is rejected for small random rounds as well", async () => {
    await fc.assert(
      fc.asyncProperty(anyRoundPlan, fc.nat(), async (drawn, at) => {
        const { record: other } = buildRecord(await signedRound(drawn));
        const all = [...alterations(other)];
        for (let pick = 0; pick < 10; pick += 1) {
          const { altered, path, what } = all[(at + pick * 7_919) % all.length]!;
          if (safeText(altered) === canonicalJson(other)) continue;
          const { ok } = await verifyRecord(altered, { outcomeHash: other.outcomeHash });
          expect(ok, `${path.join("/")} ${what}`).toBe(false);
        }
      }),
      { numRuns: 30 },
    );
  });
});

/** Undefined for what has no canonical form, as an alteration may leave it. */
function safeText(value: unknown): string | undefined {
  try {
    return canonicalJson(value);
  } catch {
    return undefined;
  }
}

type Forgery = readonly [what: string, check: string, change: (record: RoundRecord) => void];

const bigger = (text: string, by: bigint) => (BigInt(text) + by).toString();

/** What a forger who can hash everything again, but signs for nobody else, might publish. */
const forgeries: readonly Forgery[] = [
  ["drops one bid of a sheet", "nodes", ({ body }) => body.nodes[winner]!.sheet!.answers.splice(0, 1)],
  [
    "turns a bid into a pass",
    "nodes",
    ({ body }) => Object.assign(body.nodes[winner]!.sheet!.answers[0]!, { reason: 2, ask: "0" }),
  ],
  ["lowers an ask", "nodes", ({ body }) => Object.assign(body.nodes[2]!.sheet!.answers[0]!, { ask: "9000" })],
  ["leaves a whole sheet out", "close", ({ body }) => void (body.nodes[2]!.sheet = null)],
  ["adds a slot to a node", "nodes", ({ body }) => void (body.nodes[0]!.sheet!.sheet.slots = 2)],
  ["takes a node's bond away", "nodes", ({ body }) => void (body.nodes[0]!.sheet!.sheet.bond = "0")],
  ["moves a price by one unit", "prices", ({ body }) => moveBy(body.outcome.awards[0]!, 1n)],
  ["moves a price down by one unit", "prices", ({ body }) => moveBy(body.outcome.awards[0]!, -1n)],
  ["puts a loser in the winner's place", "allocation", ({ body }) => void swapInLoser(body)],
  [
    "puts a loser in the winner's place, and counts W so",
    "certificate",
    ({ body }) => void (body.outcome.total = bigger(body.outcome.total, swapInLoser(body))),
  ],
  ["raises W", "allocation", ({ body }) => void (body.outcome.total = bigger(body.outcome.total, 1n))],
  [
    "lowers a task's dual",
    "certificate",
    ({ certificate }) => void (certificate.taskDuals = certificate.taskDuals.map((dual, at) => (at ? dual : "0"))),
  ],
  [
    "raises a task's dual",
    "certificate",
    ({ certificate }) => void (certificate.taskDuals[0] = bigger(certificate.taskDuals[0]!, 1n)),
  ],
  ["gives a free node a dual", "certificate", ({ certificate }) => void (certificate.nodeDuals[2] = "1")],
  ["takes another seed", "weights", ({ body }) => void (body.outcome.seed = hashJson("a seed that suits me"))],
  ["says that the window was over", "close", ({ body }) => void (body.close.reason = "window_elapsed")],
  ["closes before it opened", "close", ({ body }) => void (body.close.at = body.opening.openedAt - 1)],
  ["takes a penalty away", "snapshot", ({ body }) => void (penalised(body).penaltyBps = 0)],
  ["puts a penalty on a rival", "snapshot", ({ body }) => void (body.snapshot.nodes[0]!.penaltyBps = 9_000)],
  ["lets no one wait for a node", "snapshot", ({ body }) => void (body.snapshot.nodes[2]!.waitedFor = false)],
  [
    "makes two accounts one",
    "snapshot",
    ({ body }) => {
      const [{ orderHash }, { node }] = [body.opening.tasks[0]!, body.opening.asked[winner]!];
      body.snapshot.sameOwner.push({ orderHash, node });
    },
  ],
  ["raises the fee", "opening", ({ body }) => void (body.opening.feeBps = 251)],
  ["raises an order's maximum", "opening", ({ body }) => void (body.opening.tasks[0]!.order.maxPrice = "60000")],
  ["follows another record", "opening", ({ body }) => void (body.opening.previousHash = hashJson("another"))],
  ["asks a node less", "opening", ({ body }) => void (body.opening.asked.pop(), body.nodes.pop())],
  ["raises the royalty", "versions", ({ body }) => void (body.versions[0]!.manifest.royalty = "600")],
  ["makes itself the creator", "versions", ({ body }) => void (body.versions[0]!.creator = testKey(9).address)],
  ["drops an award", "allocation", ({ body }) => void body.outcome.awards.pop()],
  ["awards a task twice", "allocation", ({ body }) => void body.outcome.awards.push(body.outcome.awards[0]!)],
  ["lists awards in another order", "allocation", ({ body }) => void body.outcome.awards.reverse()],
  [
    "underpays a node by pretending that it is not missed",
    "prices",
    ({ body }) => void (body.outcome.withoutNode[0]!.total = body.outcome.total),
  ],
  ["pays a node more than it is worth", "prices", ({ body }) => void (body.outcome.withoutNode[0]!.total = "0")],
];

function penalised({ snapshot }: RoundRecord["body"]) {
  return snapshot.nodes.find(({ penaltyBps }) => penaltyBps > 0)!;
}

function moveBy(award: RoundRecord["body"]["outcome"]["awards"][number], units: bigint): void {
  award.price = bigger(award.price, units);
  award.payment = bigger(award.payment, units);
  award.fee = ((BigInt(award.price) * 250n) / 10_000n).toString();
  award.charge = (BigInt(award.price) + BigInt(award.fee)).toString();
}

/** Gives the first task to node 2, which bid for it and lost; by how much W is less then, scaled. */
function swapInLoser({ nodes, outcome, opening }: RoundRecord["body"]): bigint {
  const award = outcome.awards[0]!;
  const loser = nodes[2]!;
  const { ask } = loser.sheet!.answers.find(({ orderHash }) => orderHash === award.orderHash)!;
  expect(opening.asked[2]!.node).not.toBe(award.node);
  const before = weightOf(record, winner);
  Object.assign(award, { node: loser.link.node, ask });
  return weightOf(record, 2) - before;
}

/** w of the first task with a node, taken off the record's own numbers. */
function weightOf({ body }: RoundRecord, node: number): bigint {
  const { market, seed } = roundMarket(body);
  const { edges } = weighEdges(market, seed);
  return edges.find((edge) => edge.task === 0 && edge.node === node)!.weight;
}

describe("a record forged by someone who hashes everything again", () => {
  it.each(forgeries)("is rejected when it %s: by %s", async (_what, check, change) => {
    const forged = structuredClone(record);
    change(forged);
    const whole = rehash(forged);
    expect((await verifyRecord(whole)).firstFailure?.name).toBe(check);
    // Payments are checked after what it is rejected by already.
    expect((await verifyRecord(whole, { payments: true })).firstFailure?.name).toBe(check);
  });

  it("is rejected even when it is the operator, who signs the opening again: the nodes answered another one", async () => {
    const forged = structuredClone(record);
    forged.body.opening.feeBps = 200;
    const whole = rehash(forged);
    const { roundId } = whole;
    whole.body.openingSignature = await signTyped(testKey(1), whole.body.opening.domain, "Opening", { roundId });
    const { firstFailure } = await verifyRecord(rehash(whole));
    expect(firstFailure).toMatchObject({ name: "nodes", detail: expect.stringMatching(/sheet is for round 0x/) });
  });

  it("says which node, task or amount is wrong, and what was expected", async () => {
    const forged = structuredClone(record);
    forged.body.nodes[0]!.sheet!.answers[0]!.ask = "1";
    const { node } = record.body.opening.asked[0]!;
    expect((await verifyRecord(rehash(forged))).firstFailure).toMatchObject({
      name: "nodes",
      detail: expect.stringMatching(new RegExp(`^${node}'s answers have the root 0x\\w+, its sheet says 0x\\w+$`)),
    });
  });
});

describe("a re-award that is altered after it was published", () => {
  it("is rejected wherever it is altered", async () => {
    const { node, orderHash } = record.body.outcome.awards[0]!;
    const freeNodes = record.body.opening.asked.map((asked) => asked.node);
    const fault = { node, orderHash, reason: "not_started" as const, at: record.body.opening.openedAt + 31_000 };
    const first = buildSupplement({ record, earlier: [], fault, freeNodes });
    const second = buildSupplement({
      record,
      earlier: [first.supplement],
      fault: { ...fault, node: first.award!.node, at: fault.at + 1 },
      freeNodes,
    }).supplement;
    const hash = supplementHash(second);
    expect(await verifySupplement(record, [first.supplement], second, { hash })).toMatchObject({ ok: true });
    let count = 0;
    for (const { path, what, altered } of alterations(second)) {
      if (safeText(altered) === canonicalJson(second)) continue;
      const { ok, firstFailure } = await verifySupplement(record, [first.supplement], altered, { hash });
      expect(ok, `${path.join("/")} ${what}`).toBe(false);
      expect(firstFailure?.detail).toBeTruthy();
      count += 1;
    }
    expect(count).toBeGreaterThan(100);
    expect((await verifySupplement(record, [], second, { hash })).ok, "the one before it is missing").toBe(false);
  });
});
