import { passReasons } from "@stoa/protocol";
import type { RoundPlan } from "@stoa/core/tests/signed-round";
import { randomFrom } from "../random-from.ts";

export interface RoundSize {
  tasks: number;
  nodes: number;
  /** Nodes that bid for a task; the others pass. */
  bidsPerTask: number;
  /** Of each node. */
  slots: number;
}

/** A round of a given size, the same one every time: asks from 5,000 to 45,000 under a maximum of 50,000. */
export function roundPlan(size: RoundSize): RoundPlan {
  return {
    feeBps: 250,
    royalty: 500,
    maxPrices: new Array<number>(size.tasks).fill(50_000),
    nodes: Array.from({ length: size.nodes }, (_, index) => {
      const random = randomFrom(index + 1);
      // A task's bidders stand in a row, so that every node has about the same number of bids.
      const bids = (task: number) => (index - task * 7 + size.nodes * task) % size.nodes < size.bidsPerTask;
      const asks = Array.from({ length: size.tasks }, (__, task) =>
        bids(task) ? 5_000 + Math.floor(random() * 40_000) : -passReasons.no_free_slot.code,
      );
      return { slots: size.slots, asks };
    }),
  };
}
