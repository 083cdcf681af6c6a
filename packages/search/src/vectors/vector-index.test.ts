import fc from "fast-check";
import { expect, test } from "vitest";
import { VectorIndex } from "./vector-index.ts";

function cosine(a: readonly number[], b: readonly number[]): number {
  const dot = (x: readonly number[], y: readonly number[]) => x.reduce((sum, value, at) => sum + value * y[at]!, 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

test("similarities are the cosines, whatever came, went and came again, and however long vectors are", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 40 }),
      fc.infiniteStream(fc.integer({ min: -9, max: 9 })),
      (dimensions, numbers) => {
        const next = () => {
          const vector = Array.from({ length: dimensions }, () => numbers.next().value as number);
          vector[0]! += vector.every((number) => number === 0) ? 1 : 0;
          return vector;
        };
        const index = new VectorIndex(dimensions);
        const kept = new Map<number, number[]>();
        for (let step = 0; step < 40; step += 1) {
          const document = Math.abs(numbers.next().value as number) * 200;
          if (step % 4 === 3) {
            index.remove(document);
            kept.delete(document);
          } else {
            const vector = next();
            index.put(document, vector);
            kept.set(document, vector);
          }
        }
        const query = next();
        const similarities = index.similarities(query);
        expect(index.vectors).toBe(kept.size);
        for (const [document, similarity] of similarities.entries()) {
          const vector = kept.get(document);
          expect(similarity).toBeCloseTo(vector ? cosine(query, vector) : 0, 5);
        }
      },
    ),
    { numRuns: 30 },
  );
});

test("vectors that cannot be compared are refused", () => {
  const index = new VectorIndex(3);
  for (const vector of [
    [1, 2],
    [0, 0, 0],
    [1, Number.NaN, 1],
    [1, Infinity, 1],
  ])
    expect(() => index.put(0, vector)).toThrow(RangeError);
});
