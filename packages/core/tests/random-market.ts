import fc from "fast-check";
import type { Address, Hash } from "@stoa/protocol";
import type { Edge, Market } from "../src/auction/model.ts";

/** A distinct 32-byte id per number, not in numeric order. */
export function testHash(n: number): Hash {
  return `0x${((n * 37 + 11) % 251).toString(16).padStart(2, "0")}${n.toString(16).padStart(62, "0")}`;
}

/** A distinct address per number. */
export function testAddress(n: number): Address {
  return `0x${((n * 53 + 7) % 239).toString(16).padStart(2, "0")}${n.toString(16).padStart(38, "0")}`;
}

export const SEED = testHash(999);

const bid = (unit: bigint) =>
  fc.record({
    ask: fc.bigInt({ min: 0n, max: 24n }).map((n) => n * unit),
    royalty: fc.bigInt({ min: 0n, max: 4n }).map((n) => n * unit),
    quality: fc.bigInt({ min: -4n, max: 0n }).map((n) => n * unit),
    agentVersion: fc.integer({ min: 1, max: 3 }).map(testHash),
  });

function marketOf(tasks: number, nodes: number, unit: bigint): fc.Arbitrary<Market> {
  return fc.record({
    feeBps: fc.constantFrom(0, 100, 250, 1_000),
    tasks: fc.tuple(
      ...Array.from({ length: tasks }, (_, index) =>
        fc.record({
          taskId: fc.constant(testHash(index)),
          requester: fc.constant(testAddress(100 + index)),
          maxPrice: fc.bigInt({ min: 0n, max: 30n }).map((n) => n * unit),
          royaltyCap: fc.constantFrom(2n * unit, 4n * unit, 100n * unit),
          agentVersion: fc.oneof(
            { weight: 9, arbitrary: fc.constant(null) },
            { weight: 1, arbitrary: fc.constant(testHash(1)) },
          ),
        }),
      ),
    ),
    nodes: fc.tuple(
      ...Array.from({ length: nodes }, (_, index) =>
        fc.record({
          node: fc.constant(testAddress(index)),
          // One provider in some markets is also a requester.
          provider: fc.oneof(
            { weight: 8, arbitrary: fc.constant(testAddress(200 + index)) },
            { weight: 1, arbitrary: fc.constant(testAddress(100)) },
          ),
          slots: fc.integer({ min: 0, max: 3 }),
        }),
      ),
    ),
    edges: fc
      .tuple(...Array.from({ length: tasks * nodes }, () => fc.option(bid(unit), { freq: 5 })))
      .map((bids) =>
        bids.flatMap((terms, at): Edge[] =>
          terms ? [{ ...terms, task: Math.floor(at / nodes), node: at % nodes }] : [],
        ),
      ),
  });
}

/** Small random markets: few enough tasks and nodes to try everything, values close enough to tie often. */
export const randomMarket: fc.Arbitrary<Market> = fc
  .record({
    tasks: fc.integer({ min: 1, max: 4 }),
    nodes: fc.integer({ min: 1, max: 4 }),
    unit: fc.constantFrom(1n, 1n, 1_000n, 10n ** 15n),
  })
  .chain(({ tasks, nodes, unit }) => marketOf(tasks, nodes, unit));

const unit = fc.constantFrom(1n, 1_000n, 1_000_000n, 10n ** 15n);

/** Random markets in which nodes win several tasks and chains of moves are long. */
export const mediumMarket: fc.Arbitrary<Market> = fc
  .record({ tasks: fc.integer({ min: 2, max: 9 }), nodes: fc.integer({ min: 2, max: 6 }), unit })
  .chain((size) => marketOf(size.tasks, size.nodes, size.unit));

/** Random markets too big to try everything. */
export const biggerMarket: fc.Arbitrary<Market> = unit.chain((each) => marketOf(24, 10, each));

/** The greatest total weight, by trying every allocation. */
export function bruteForce(
  edges: readonly { task: number; node: number; weight: bigint }[],
  taskCount: number,
  slots: readonly number[],
) {
  const left = [...slots];
  let best = { total: 0n, optima: 0, allocation: [] as number[] };
  const chosen: number[] = [];
  function tryTask(task: number, total: bigint): void {
    if (task === taskCount) {
      if (total > best.total || best.optima === 0) best = { total, optima: 1, allocation: [...chosen] };
      else if (total === best.total) best.optima++;
      return;
    }
    chosen[task] = -1;
    tryTask(task + 1, total);
    edges.forEach((edge, index) => {
      if (edge.task !== task || left[edge.node]! === 0) return;
      left[edge.node]!--;
      chosen[task] = index;
      tryTask(task + 1, total + edge.weight);
      left[edge.node]!++;
    });
  }
  tryTask(0, 0n);
  return best;
}
