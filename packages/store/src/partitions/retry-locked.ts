import { setTimeout } from "node:timers/promises";

/** PostgreSQL's word for a lock that was not to be had in time, and for two that wait for each other. */
const LOCKED = new Set(["55P03", "40P01"]);
const ATTEMPTS = 10;
const PAUSE_MS = 200;

/**
 * Tries a change of partitions again when it could not lock them in time: it gives way to the market's work, which would
 * otherwise queue behind it.
 */
export async function retryLocked<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= ATTEMPTS || !LOCKED.has((error as { code?: string }).code ?? "")) throw error;
      await setTimeout(PAUSE_MS);
    }
  }
}
