/** Something found, by its number, with what it is ordered by. */
export interface Scored {
  document: number;
  score: number;
}

/**
 * The best of many scores, the best first; of equal ones, those that come `before` the others. What `admits` refuses is
 * left out; it is asked only about what would be among the best.
 * @param scores by document; zero or less is not found
 */
export function bestOf(
  scores: Float32Array,
  most: number,
  { admits, before }: { admits: (document: number) => boolean; before: (a: number, b: number) => number },
): Scored[] {
  // A heap whose root is the worst of the best.
  const heap: Scored[] = [];
  const isWorse = (a: Scored, b: Scored) =>
    a.score < b.score || (a.score === b.score && before(a.document, b.document) > 0);
  const swap = (a: number, b: number) => ([heap[a], heap[b]] = [heap[b]!, heap[a]!]);
  const rise = (from: number) => {
    for (let at = from; at > 0;) {
      const parent = (at - 1) >> 1;
      if (!isWorse(heap[at]!, heap[parent]!)) return;
      swap(at, parent);
      at = parent;
    }
  };
  const sink = () => {
    for (let at = 0; ;) {
      let worst = at;
      for (const child of [2 * at + 1, 2 * at + 2])
        if (child < heap.length && isWorse(heap[child]!, heap[worst]!)) worst = child;
      if (worst === at) return;
      swap(at, worst);
      at = worst;
    }
  };
  for (let document = 0; document < scores.length; document += 1) {
    const score = scores[document]!;
    const isFull = heap.length === most;
    if (score <= 0 || (isFull && score < heap[0]!.score)) continue;
    const found = { document, score };
    if ((isFull && !isWorse(heap[0]!, found)) || !admits(document)) continue;
    if (isFull) {
      heap[0] = found;
      sink();
    } else {
      rise(heap.push(found) - 1);
    }
  }
  return heap.sort((a, b) => (isWorse(a, b) ? 1 : -1));
}
