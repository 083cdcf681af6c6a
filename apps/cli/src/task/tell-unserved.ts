import type { Task } from "@stoa/protocol";
import type { Narration } from "./narration.ts";
import { tellRound } from "./tell-award.ts";

/**
 * Tells why nobody took the task, once for the same reasons: a task that waits is auctioned again every few seconds.
 * @param roundId the round that said so, when it is known
 */
export async function tellUnserved(
  narration: Narration,
  { unserved = [] }: Pick<Task, "unserved">,
  roundId: string | null,
  at: number | string,
): Promise<void> {
  if (unserved.length === 0 || !narration.once(`unserved ${JSON.stringify(unserved)}`)) return;
  if (roundId !== null) await tellRound(narration, roundId, null, at);
  for (const { sentence, nodes } of unserved) {
    const count = nodes.atLeast === nodes.atMost ? `${nodes.atMost}` : `${nodes.atLeast} to ${nodes.atMost}`;
    narration.say(
      "no taker",
      narration.colours.yellow(`${sentence} (${count} ${nodes.atMost === 1 ? "node" : "nodes"})`),
      at,
    );
  }
}
