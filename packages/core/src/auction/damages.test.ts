import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { failTask, inForce } from "../../tests/fail-task.ts";
import { randomMarket, SEED } from "../../tests/random-market.ts";
import { clearRound } from "./clear-round.ts";
import { damages } from "./damages.ts";
import { type Market, WEIGHT_SCALE } from "./model.ts";

describe("damages", { timeout: 30_000 }, () => {
  it("are never negative, never over the bond, and are given out whole", () => {
    fc.assert(
      fc.property(randomMarket, fc.bigInt({ min: 0n, max: 40n }), (market, bond) => {
        const clearing = clearRound(market, SEED);
        for (const { taskId } of clearing.awards) {
          const { owes } = failTask(market, inForce(clearing), taskId, bond);
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
          const { failed, award, owes } = failTask(market, inForce(clearing), taskId);
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
          const { failed, award, owes } = failTask(market, inForce(clearing), taskId);
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
        const { award, owes } = failTask(lying, inForce(clearing), winner.taskId);
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

  it("would be missed: without them, failing for a confederate pays in many markets", () => {
    let paid = 0;
    let failures = 0;
    fc.assert(
      fc.property(randomMarket, (market) => {
        const clearing = clearRound(market, SEED);
        for (const { taskId } of clearing.awards) {
          const { failed, award } = failTask(market, inForce(clearing), taskId);
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
