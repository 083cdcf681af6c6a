import type { Database } from "@stoa/store";

/** How often a database that is away is asked whether it is back. */
const ASK_MS = 250;

/** Waits for a database that went away. */
export interface ReturnWatch {
  /** Notes that it is away; `onReturn` follows once it answers again. */
  away(): void;
  stop(): Promise<void>;
}

/**
 * Calls `onReturn` when the database answers again after it was away. What was committed when it went away may have
 * been told to nobody: whoever acts on events looks at the state itself then.
 */
export function watchReturn(database: Database, onReturn: () => void): ReturnWatch {
  const stopping = new AbortController();
  let waiting: Promise<void> | undefined;

  async function wait(): Promise<void> {
    while (!stopping.signal.aborted) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ASK_MS);
        stopping.signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
      });
      if (await answers(database)) return;
    }
  }

  return {
    away() {
      waiting ??= wait().then(() => {
        waiting = undefined;
        if (!stopping.signal.aborted) onReturn();
      });
    },
    async stop() {
      stopping.abort();
      await waiting;
    },
  };
}

/** Why it does not answer has been told to those who were waiting for it. */
function answers(database: Database): Promise<boolean> {
  return database.query("select 1").then(
    () => true,
    () => false,
  );
}
