import type { Problem } from "@stoa/protocol";
import type { FastifyRequest } from "fastify";
import { toProblem, toStoaError } from "./problem.ts";

/**
 * Does the items of a batch request side by side. One that is refused says why in its place and takes no other with it;
 * a fault worth retrying is every item's own too: what was done stays done, and may be sent again.
 */
export function eachAlone<Item, Result>(
  request: FastifyRequest,
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<(Result | { problem: Problem })[]> {
  return Promise.all(
    items.map(async (item) => {
      try {
        return await work(item);
      } catch (error) {
        const problem = toProblem(toStoaError(error), request.id);
        if (problem.status >= 500) request.log.error({ err: error, code: problem.code }, "an item of a batch failed");
        return { problem };
      }
    }),
  );
}
