import { setTimeout } from "node:timers/promises";
import { StoaError } from "@stoa/protocol";
import type { EffectContext } from "./effect-context.ts";
import type { Repeated } from "./repeat.ts";

/** How soon a job whose server is gone is taken over, once the database has noticed. */
const LOOK_MS = 1_000;

/**
 * Runs `work` for as long as this process leads a job, which one of the server processes does at a time, and again
 * whenever it comes to lead it. The lease is the database's: it is free when its holder's connection ends. Should two
 * hold it for a moment, the work is idempotent by what the database says.
 */
export function lead(
  { database, log, signal }: Pick<EffectContext, "database" | "log" | "signal">,
  job: string,
  work: (term: AbortSignal) => Pick<Repeated, "ended">,
): Pick<Repeated, "ended"> {
  async function tryLease(): Promise<AbortSignal | null> {
    try {
      return await database.tryLease(job);
    } catch (error) {
      if (!(error instanceof StoaError) || error.definition.kind !== "retry") throw error;
      log.debug({ err: error, job }, "a lease could not be asked for");
      return null;
    }
  }

  async function serve(lease: AbortSignal): Promise<void> {
    const term = AbortSignal.any([signal, lease]);
    log.info({ job }, "leads a job");
    const { ended } = work(term);
    // Asked again, a lease that is lost to a server that does not answer is known to be.
    while (!term.aborted) {
      await setTimeout(LOOK_MS, undefined, { signal: term }).catch(() => {});
      if (!term.aborted) await tryLease();
    }
    await ended;
    if (!signal.aborted) log.warn({ job }, "leads a job no more");
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      const lease = await tryLease();
      if (lease) await serve(lease);
      else await setTimeout(LOOK_MS, undefined, { signal }).catch(() => {});
    }
  }

  return { ended: run().catch((error: unknown) => log.error({ err: error, job }, "a job cannot be led")) };
}
