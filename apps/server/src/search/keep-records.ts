import { updateAgentRecords } from "@stoa/store";
import type { EffectContext } from "../effects/effect-context.ts";
import { repeat, type Repeated } from "../effects/repeat.ts";

const EVERY_MS = 30_000;

/** Keeps what agents' latest executions say of them: of every capability at first, and then of those that move. */
export function keepRecords(
  { database, log, signal }: Pick<EffectContext, "database" | "log" | "signal">,
  onWritten: () => void,
): Pick<Repeated, "ended"> {
  let all = true;
  return repeat({ name: "agents' records", everyMs: EVERY_MS, signal, log }, async () => {
    await updateAgentRecords(database, { all });
    all = false;
    onWritten();
  });
}
