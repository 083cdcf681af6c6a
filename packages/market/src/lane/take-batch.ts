import type { Operation } from "./operation.ts";

/** How far beyond a full batch the queue is searched for operations that fit. */
const LOOK_AHEAD = 4;

interface Queued {
  operation: Pick<Operation<unknown>, "owns" | "uses">;
}

/**
 * Parts a queue into the next batch and what waits longer. Operations whose claims exclude each other go into
 * different batches, in the order they came.
 * @param most operations in the batch
 */
export function takeBatch<Item extends Queued>(queue: readonly Item[], most: number): { batch: Item[]; rest: Item[] } {
  const owned = new Set<string>();
  const used = new Set<string>();
  const batch: Item[] = [];
  const rest: Item[] = [];
  let looked = 0;
  for (const item of queue.slice(0, most * LOOK_AHEAD)) {
    if (batch.length === most) break;
    looked += 1;
    const { owns = [], uses = [] } = item.operation;
    const excluded = owns.some((key) => owned.has(key) || used.has(key)) || uses.some((key) => owned.has(key));
    (excluded ? rest : batch).push(item);
    // One that waits claims its keys as well: whoever comes later for them waits behind it.
    for (const key of owns) owned.add(key);
    for (const key of uses) used.add(key);
  }
  return { batch, rest: [...rest, ...queue.slice(looked)] };
}
