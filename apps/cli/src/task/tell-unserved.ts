import type { Task } from "@stoa/protocol";
import type { Narration } from "./narration.ts";
import { bandText, reasonText } from "./reason-text.ts";
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
  for (const reason of unserved) {
    narration.say("no taker", narration.colours.yellow(reasonText(reason)), at);
    narration.add(narration.colours.dim(reason.remedy));
    for (const band of reason.bands ?? []) narration.add(bandText(band, narration.market.money));
  }
}
