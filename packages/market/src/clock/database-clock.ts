import type { Queryable } from "@stoa/store";

/** How often the process's clock is set by the database's. */
const EVERY_MS = 10_000;
/** Readings of which the quickest counts: the answer's way is what makes it inexact. */
const READINGS = 3;
/** Differences up to this are slewed, never stepped back: what is signed later is never dated earlier. */
const SLEWED_MS = 1_000;

/** The time of the database, as far as a process can know it without asking. */
export interface DatabaseClock {
  /** Epoch milliseconds. The process's own time until {@link ready}. */
  now(): number;
  /** Resolves once the database has been asked. */
  readonly ready: Promise<void>;
  stop(): void;
}

/**
 * Follows the database's clock, so that several server processes agree on the time whatever their hosts' clocks say.
 * It runs on the process's steady timer, which nobody sets, and is put right every few seconds.
 */
export function followDatabaseClock(database: Queryable): DatabaseClock {
  let offsetMs = performance.timeOrigin;
  let isSet = false;
  let last = 0;
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;

  async function read(): Promise<{ tookMs: number; offsetMs: number }> {
    const askedAt = performance.now();
    const [row] = await database.query<{ now: number }>("select clock_timestamp() as now");
    const answeredAt = performance.now();
    return { tookMs: answeredAt - askedAt, offsetMs: (row?.now ?? 0) - (askedAt + answeredAt) / 2 };
  }

  async function set(): Promise<void> {
    const readings = [];
    for (let i = 0; i < READINGS; i += 1) readings.push(await read());
    const best = readings.reduce((a, b) => (b.tookMs < a.tookMs ? b : a));
    if (!isSet || Math.abs(best.offsetMs - offsetMs) > SLEWED_MS) last = 0;
    offsetMs = best.offsetMs;
    isSet = true;
  }

  /** A database that is away leaves the clock as it is. */
  async function keepSet(): Promise<void> {
    await set().catch(() => {});
    if (!isStopped) timer = setTimeout(() => void keepSet(), EVERY_MS).unref();
  }

  return {
    now: () => (last = Math.max(last, Math.floor(performance.now() + offsetMs))),
    ready: keepSet(),
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
