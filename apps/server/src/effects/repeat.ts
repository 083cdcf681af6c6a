import { StoaError } from "@stoa/protocol";
import type { Logger } from "pino";

/** Something that is looked at again and again, and at once when told. */
export interface Repeated {
  /** Looks soon, whatever the interval. */
  wake(): void;
  /** Resolves when the last look is over. */
  readonly ended: Promise<void>;
}

interface RepeatOptions {
  name: string;
  everyMs: number;
  signal: AbortSignal;
  log: Logger;
}

/**
 * Runs `look` every `everyMs`, never twice at once, and soon after `wake()`. What it throws is logged and looked at
 * again later: effects act on what the database says, so a look missed is only late, never lost.
 */
export function repeat({ name, everyMs, signal, log }: RepeatOptions, look: () => Promise<void>): Repeated {
  let woken = false;
  let interrupt = () => {};
  const pause = () =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, everyMs);
      interrupt = () => (clearTimeout(timer), resolve());
      if (woken || signal.aborted) interrupt();
    });
  const stop = () => interrupt();
  signal.addEventListener("abort", stop, { once: true });
  const run = async () => {
    while (!signal.aborted) {
      woken = false;
      try {
        await look();
      } catch (error) {
        const expected = error instanceof StoaError && error.definition.kind === "retry";
        log[expected ? "warn" : "error"]({ err: error, effect: name }, "an effect failed and will be tried again");
      }
      await pause();
    }
  };
  return {
    wake: () => {
      woken = true;
      interrupt();
    },
    ended: run(),
  };
}
