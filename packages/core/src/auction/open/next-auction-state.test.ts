import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { testKey } from "../../../tests/signed-round.ts";
import {
  isAuctionOver,
  nextAuctionState,
  openedAuction,
  type OpenAuctionAction,
  type OpenAuctionRules,
  type OpenAuctionState,
} from "./next-auction-state.ts";

const RESERVE = 1_000n;
const nodes = [1, 2, 3, 4].map((n) => testKey(n).address);
const stranger = testKey(9).address;
const agentVersion = `0x${"ab".repeat(32)}` as const;

const rulesArbitrary: fc.Arbitrary<OpenAuctionRules> = fc
  .record({
    decrement: fc.bigInt(1n, 120n),
    windowMs: fc.integer({ min: 1, max: 2_000 }),
    softCloseMs: fc.integer({ min: 0, max: 500 }),
    longerMs: fc.integer({ min: 0, max: 3_000 }),
  })
  .map(({ decrement, windowMs, softCloseMs, longerMs }) => ({
    asked: nodes.map((node) => ({ node, provider: node })),
    reserve: RESERVE.toString(),
    decrement: decrement.toString(),
    openedAt: 10_000,
    endsAt: 10_000 + windowMs,
    softCloseMs,
    hardEndAt: 10_000 + windowMs + longerMs,
  }));

/** What nodes try, each a while after the one before: mostly the next number, at any price around the lead. */
const attempts = fc.array(
  fc.record({
    afterMs: fc.integer({ min: -5, max: 120 }),
    node: fc.constantFrom(...nodes, stranger),
    under: fc.bigInt(-30n, 200n),
    royalty: fc.bigInt(0n, 5n),
    skipped: fc.constantFrom(0, 0, 0, 0, 1, -1),
    passes: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
  }),
  { maxLength: 60 },
);

type Attempt = typeof attempts extends fc.Arbitrary<(infer One)[]> ? One : never;

function actionOf(state: OpenAuctionState, attempt: Attempt): OpenAuctionAction {
  const at = state.lastAt + attempt.afterMs;
  const { node, royalty } = attempt;
  if (attempt.passes) return { type: "pass", at, node };
  const ask = (state.lead?.price ?? RESERVE) - attempt.under - royalty;
  const number = state.bids + 1 + attempt.skipped;
  return { type: "bid", at, number, node, agentVersion, ask, royalty };
}

/** Plays what is admitted, checking after each step; returns the admitted actions and how it stood. */
function play(rules: OpenAuctionRules, tries: readonly Attempt[], check: Check) {
  const taken: OpenAuctionAction[] = [];
  let state = openedAuction(rules);
  for (const attempt of tries) {
    const action = actionOf(state, attempt);
    let next: OpenAuctionState;
    try {
      next = nextAuctionState(rules, state, action);
    } catch {
      continue;
    }
    check(state, action, next);
    taken.push(action);
    state = next;
  }
  return { taken, state };
}

type Check = (before: OpenAuctionState, action: OpenAuctionAction, after: OpenAuctionState) => void;
const numRuns = 1_000;

describe("an open auction, whatever nodes try", () => {
  it("has a lead that only falls, by the decrement at least, and never above the reserve", () => {
    fc.assert(
      fc.property(rulesArbitrary, attempts, (rules, tries) => {
        play(rules, tries, (before, action, after) => {
          if (action.type !== "bid") {
            expect(after.lead).toEqual(before.lead);
            return;
          }
          expect(after.lead!.price <= RESERVE).toBe(true);
          expect(after.lead!.ask >= 0n).toBe(true);
          if (before.lead) expect(before.lead.price - after.lead!.price >= BigInt(rules.decrement)).toBe(true);
        });
      }),
      { numRuns },
    );
  });

  it("never ends beyond its hard end, never earlier than it said, and leaves time to answer a late bid", () => {
    fc.assert(
      fc.property(rulesArbitrary, attempts, (rules, tries) => {
        play(rules, tries, (before, action, after) => {
          expect(after.endsAt).toBeLessThanOrEqual(rules.hardEndAt);
          expect(after.endsAt).toBeGreaterThanOrEqual(before.endsAt);
          if (action.type !== "bid") return;
          const left = after.endsAt - action.at;
          expect(left >= rules.softCloseMs || after.endsAt === rules.hardEndAt).toBe(true);
        });
      }),
      { numRuns },
    );
  });

  it("goes to the lowest bid that was taken, never to a node that was not asked", () => {
    fc.assert(
      fc.property(rulesArbitrary, attempts, (rules, tries) => {
        const { taken, state } = play(rules, tries, () => {});
        const closed = nextAuctionState(rules, state, { type: "close", at: rules.hardEndAt });
        const bids = taken.filter((action) => action.type === "bid");
        const lowest = bids.toSorted((a, b) => Number(a.ask + a.royalty - b.ask - b.royalty))[0];
        expect(closed.phase).toBe(lowest ? "awarded" : "unserved");
        expect(closed.lead?.node).toBe(lowest?.node);
        expect(bids.some(({ node }) => node === stranger)).toBe(false);
      }),
      { numRuns },
    );
  });

  it("comes to the same outcome when what was taken is played again", () => {
    fc.assert(
      fc.property(rulesArbitrary, attempts, (rules, tries) => {
        const { taken, state } = play(rules, tries, () => {});
        const again = taken.reduce((at, action) => nextAuctionState(rules, at, action), openedAuction(rules));
        expect(again).toEqual(state);
      }),
      { numRuns },
    );
  });

  it("takes nothing once it is over, and is not closed before", () => {
    fc.assert(
      fc.property(rulesArbitrary, attempts, fc.integer({ min: 0, max: 6_000 }), (rules, tries, laterMs) => {
        const { state } = play(rules, tries, () => {});
        const at = state.lastAt + laterMs;
        const close = () => nextAuctionState(rules, state, { type: "close", at });
        const node = nodes.find((one) => one !== state.lead?.node && !state.out.includes(one));
        if (!isAuctionOver(rules, state, at)) {
          expect(close).toThrow("the auction ends at");
          return;
        }
        expect(close().phase).not.toBe("open");
        if (!node) return;
        const bid = { type: "bid", at, number: state.bids + 1, node, agentVersion, ask: 0n, royalty: 0n } as const;
        expect(() => nextAuctionState(rules, state, bid)).toThrow("the auction ended");
        expect(() => nextAuctionState(rules, close(), { ...bid })).toThrow("the auction is");
      }),
      { numRuns },
    );
  });
});

describe("an open auction", () => {
  const rules: OpenAuctionRules = {
    asked: nodes.slice(0, 2).map((node) => ({ node, provider: node })),
    reserve: "1000",
    decrement: "10",
    openedAt: 0,
    endsAt: 1_000,
    softCloseMs: 200,
    hardEndAt: 1_500,
  };
  const bid = (number: number, node: number, price: bigint, at: number): OpenAuctionAction => ({
    type: "bid",
    at,
    number,
    node: nodes[node]!,
    agentVersion,
    ask: price - 1n,
    royalty: 1n,
  });
  const run = (...actions: OpenAuctionAction[]) =>
    actions.reduce((state, action) => nextAuctionState(rules, state, action), openedAuction(rules));

  it("is extended by a bid within the soft close and by no other", () => {
    expect(run(bid(1, 0, 1_000n, 799)).endsAt).toBe(1_000);
    expect(run(bid(1, 0, 1_000n, 800)).endsAt).toBe(1_200);
    expect(run(bid(1, 0, 1_000n, 800), bid(2, 1, 990n, 1_000)).endsAt).toBe(1_400);
    expect(run(bid(1, 0, 1_000n, 800), bid(2, 1, 990n, 1_000), bid(3, 0, 980n, 1_399)).endsAt).toBe(1_500);
  });

  it("refuses a node that would outbid itself, an old number, too small a step, and a bid over the reserve", () => {
    expect(() => run(bid(1, 0, 1_001n, 0))).toThrow("at most 1000");
    expect(() => run(bid(1, 0, 1_000n, 0), bid(2, 0, 900n, 1))).toThrow("leads");
    expect(() => run(bid(1, 0, 1_000n, 0), bid(1, 1, 900n, 1))).toThrow("next bid is number 2");
    expect(() => run(bid(1, 0, 1_000n, 0), bid(2, 1, 991n, 1))).toThrow("at most 990");
  });

  it("is over as soon as all but the lead are out, and unserved when all are", () => {
    const out = (node: number, at: number): OpenAuctionAction => ({ type: "pass", at, node: nodes[node]! });
    expect(run(bid(1, 0, 1_000n, 5), out(1, 6), { type: "close", at: 6 })).toMatchObject({
      phase: "awarded",
      lead: { node: nodes[0], price: 1_000n },
    });
    expect(run(out(0, 5), out(1, 6), { type: "close", at: 6 }).phase).toBe("unserved");
    expect(() => run(out(1, 5), bid(1, 1, 900n, 6))).toThrow("passed before");
  });
});
