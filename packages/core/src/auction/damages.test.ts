import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomMarket, SEED } from "../../tests/random-market.ts";
import { clearRound } from "./clear-round.ts";
import { damages } from "./damages.ts";
import { type Market, WEIGHT_SCALE } from "./model.ts";
import { reawardTask } from "./reaward.ts";
import { reservePrice } from "./reserve-price.ts";

const NO_LIMIT = 10n ** 18n;

/** Lets the winner of a task fail it: what it owes, and who takes the task over at what price. */
function failTask(
  market: Market,
  clearing: ReturnType<typeof clearRound>,
  taskId: string,
  bond = NO_LIMIT,
  taken: readonly string[] = [],
) {
  const failed = clearing.awards.find((award) => award.taskId === taskId)!;
  const task = market.tasks.findIndex((terms) => terms.taskId === taskId);
  const qualityOf = (node: string) =>
    market.edges.find((edge) => edge.task === task && market.nodes[edge.node]!.node === node)!.quality;
  const load = (node: string) =>
    [...clearing.awards.map((award) => award.node), ...taken].filter((holder) => holder === node).length;
  const candidates = market.edges
    .filter((edge) => edge.task === task && market.nodes[edge.node]!.node !== failed.node)
    .filter((edge) => load(market.nodes[edge.node]!.node) < market.nodes[edge.node]!.slots)
    .map((edge) => ({ ...edge, ...market.nodes[edge.node]!, node: market.nodes[edge.node]!.node }));
  const award = reawardTask({ feeBps: market.feeBps, task: market.tasks[task]!, candidates, seed: SEED });
  const owes = damages({
    reserve: reservePrice(market.tasks[task]!.maxPrice, market.feeBps),
    failed: { quality: qualityOf(failed.node), price: failed.price, fee: failed.fee },
    replacement: award && { quality: qualityOf(award.node), price: award.price, fee: award.fee },
    bond,
  });
  return { failed, award, owes };
}

function subsets<T>(items: readonly T[], size: number): T[][] {
  if (size === 0) return [[]];
  return items.flatMap((item, index) => subsets(items.slice(index + 1), size - 1).map((rest) => [item, ...rest]));
}

describe("damages", { timeout: 30_000 }, () => {
  it("are never negative, never over the bond, and are given out whole", () => {
    fc.assert(
      fc.property(randomMarket, fc.bigInt({ min: 0n, max: 40n }), (market, bond) => {
        const clearing = clearRound(market, SEED);
        for (const { taskId } of clearing.awards) {
          const { owes } = failTask(market, clearing, taskId, bond);
          expect(owes.owed >= 0n && owes.owed <= bond).toBe(true);
          expect(owes.toRequester >= 0n && owes.toFaultPool >= 0n).toBe(true);
          expect(owes.toRequester + owes.toFaultPool).toBe(owes.owed);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("leave the requester no worse than with the first winner, but for fees and quality", () => {
    fc.assert(
      fc.property(randomMarket, (drawn) => {
        const market = { ...drawn, feeBps: 0, edges: drawn.edges.map((edge) => ({ ...edge, quality: 0n })) };
        const clearing = clearRound(market, SEED);
        for (const { taskId } of clearing.awards) {
          const { failed, award, owes } = failTask(market, clearing, taskId);
          if (award) expect(award.charge - owes.toRequester <= failed.charge).toBe(true);
          else expect(owes.toRequester).toBe(0n);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("make failing for a confederate pay no more than doing the work", () => {
    fc.assert(
      fc.property(randomMarket, (market) => {
        const clearing = clearRound(market, SEED);
        for (const { taskId } of clearing.awards) {
          const { failed, award, owes } = failTask(market, clearing, taskId);
          if (!award) continue;
          const working = failed.payment - failed.ask;
          const together = award.payment - award.ask - owes.owed;
          // A replacement with a free slot bid no better, and the tie-break is worth less than a unit. Royalties go to creators.
          expect(together - working <= 1n).toBe(true);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it("make winning by a false bid and failing for a confederate pay no more than the best two could do by bids alone", () => {
    // One task, two nodes of one owner among others: whatever the pair bids, failing adds nothing to staying away.
    const asks = fc.array(fc.bigInt({ min: 0n, max: 24n }), { minLength: 2, maxLength: 2 });
    fc.assert(
      fc.property(randomMarket, asks, (drawn, lies) => {
        const market: Market = {
          ...drawn,
          tasks: drawn.tasks.slice(0, 1),
          edges: drawn.edges.filter((edge) => edge.task === 0),
        };
        const pair = market.edges.slice(0, 2);
        if (pair.length < 2) return;
        const lying = {
          ...market,
          edges: market.edges.map((edge, index) => (index < 2 ? { ...edge, ask: lies[index]! } : edge)),
        };
        const clearing = clearRound(lying, SEED);
        const winner = clearing.awards[0];
        const confederates = pair.map((edge) => market.nodes[edge.node]!.node);
        if (!winner || !confederates.includes(winner.node)) return;
        const { award, owes } = failTask(lying, clearing, winner.taskId);
        if (!award || !confederates.includes(award.node)) return;
        const cost = (node: string) => pair.find((edge) => market.nodes[edge.node]!.node === node)!.ask;
        const byFailing = award.payment - cost(award.node) - owes.owed;
        const alone = { ...lying, edges: lying.edges.filter((edge) => market.nodes[edge.node]!.node !== winner.node) };
        const [honest] = clearRound(alone, SEED).awards;
        const byBids = honest && honest.node === award.node ? honest.payment - cost(honest.node) : 0n;
        expect(byFailing <= byBids).toBe(true);
      }),
      { numRuns: 1_500 },
    );
  });

  it("make offering slots a node does not have pay no more than offering those it has", () => {
    fc.assert(
      fc.property(randomMarket, fc.nat(3), fc.integer({ min: 1, max: 2 }), (market, at, surplus) => {
        const node = at % market.nodes.length;
        const { node: id, slots } = market.nodes[node]!;
        const gainOf = (award: { payment: bigint; ask: bigint }) => award.payment - award.ask;
        const honest = clearRound(market, SEED)
          .awards.filter((award) => award.node === id)
          .reduce((sum, award) => sum + gainOf(award), 0n);
        const boasting = {
          ...market,
          nodes: market.nodes.map((terms, index) => (index === node ? { ...terms, slots: slots + surplus } : terms)),
        };
        const clearing = clearRound(boasting, SEED);
        const won = clearing.awards.filter((award) => award.node === id);
        const failedOnes = Math.max(0, won.length - slots);
        // Whichever tasks it drops, one at a time, each replaced among nodes that still have a free slot.
        const choices = won.length <= slots ? [[]] : subsets(won, failedOnes);
        for (const dropped of choices) {
          const taken: string[] = [];
          const owed = dropped.reduce((sum, { taskId }) => {
            const { award, owes } = failTask(boasting, clearing, taskId, NO_LIMIT, taken);
            if (award) taken.push(award.node);
            return sum + owes.owed;
          }, 0n);
          const gain =
            won.filter((award) => !dropped.includes(award)).reduce((sum, award) => sum + gainOf(award), 0n) - owed;
          // Each price is rounded down by less than one unit.
          expect(gain - honest <= BigInt(won.length)).toBe(true);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it("would be missed: without them, failing for a confederate pays in many markets", () => {
    let paid = 0;
    let failures = 0;
    fc.assert(
      fc.property(randomMarket, (market) => {
        const clearing = clearRound(market, SEED);
        for (const { taskId } of clearing.awards) {
          const { failed, award } = failTask(market, clearing, taskId);
          if (!award) continue;
          failures++;
          if (award.payment - award.ask > failed.payment - failed.ask + 1n) paid++;
        }
      }),
      { numRuns: 500, seed: 1 },
    );
    expect(paid / failures).toBeGreaterThan(0.1);
  });

  it("count nothing of a price that was not paid: an unserved task's damages go to the fault pool", () => {
    const unserved = damages({
      reserve: 100n,
      failed: { quality: -5n, price: 40n, fee: 1n },
      replacement: null,
      bond: 1_000n,
    });
    expect(unserved).toEqual({ owed: 55n, toRequester: 0n, toFaultPool: 55n });
    const cheaper = damages({
      reserve: 100n,
      failed: { quality: 0n, price: 40n, fee: 1n },
      replacement: { quality: 0n, price: 30n, fee: 1n },
      bond: 1_000n,
    });
    expect(cheaper).toEqual({ owed: 0n, toRequester: 0n, toFaultPool: 0n });
    const worse = damages({
      reserve: 100n,
      failed: { quality: 0n, price: 40n, fee: 4n },
      replacement: { quality: -10n, price: 60n, fee: 6n },
      bond: 1_000n,
    });
    expect(worse).toEqual({ owed: 30n, toRequester: 22n, toFaultPool: 8n });
    expect(WEIGHT_SCALE).toBe(65_536n);
  });
});
