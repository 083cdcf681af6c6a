import { startPostgres } from "@stoa/testkit";
import { Logger, makeWorkerUtils, run } from "graphile-worker";
import pg from "pg";
import { countRows } from "./count-rows.ts";
import { jobOf, type Peer, type StepJob, STEPS } from "./peer.ts";

const TASK = "life-cycle";
const BATCH = 1_000;

/** graphile-worker: jobs added, fetched by the local queue and completed in batches; each job adds the next. */
export const graphileWorker: Peer = {
  name: "graphile-worker",
  async run(lifeCycles) {
    await using server = await startPostgres();
    const connectionString = await server.createDatabase("peer");
    const pool = new pg.Pool({ connectionString, max: 20 });
    pool.on("error", (error) => console.error(error));
    pool.on("connect", (client) => client.on("error", (error) => console.error(error)));
    const logger = new Logger(() => () => undefined);
    const utils = await makeWorkerUtils({ pgPool: pool, logger });
    const all = Promise.withResolvers<void>();
    let finished = 0;
    let elapsedMs: number;
    try {
      await utils.migrate();
      const started = performance.now();
      for (let at = 0; at < lifeCycles; at += BATCH) await add(utils, 0, Math.min(BATCH, lifeCycles - at));
      const next = nextJobs(utils, all.reject);
      const runner = await run({
        pgPool: pool,
        noHandleSignals: true,
        concurrency: 200,
        preset: { worker: { localQueue: { size: BATCH }, completeJobBatchDelay: 0, failJobBatchDelay: 0, logger } },
        taskList: {
          async [TASK](data) {
            const { step } = data as StepJob;
            if (step < STEPS - 1) return next(step + 1);
            finished += 1;
            if (finished === lifeCycles) all.resolve();
          },
        },
      });
      await all.promise;
      elapsedMs = performance.now() - started;
      await runner.stop();
    } finally {
      await utils.release();
      await pool.end();
    }
    return { elapsedMs, rowsPerLifeCycle: (await countRows(connectionString)) / lifeCycles };
  },
};

type Utils = Awaited<ReturnType<typeof makeWorkerUtils>>;

async function add(utils: Utils, step: number, count: number): Promise<void> {
  const payload = jobOf(step);
  await utils.addJobs(Array.from({ length: count }, () => ({ identifier: TASK, payload })));
}

/** Adds what the jobs of one turn of the event loop ask for in one statement a step. */
function nextJobs(utils: Utils, onError: (error: unknown) => void): (step: number) => Promise<void> {
  let waiting = new Map<number, number>();
  let flushing: Promise<void> | undefined;
  async function flush(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    const counts = waiting;
    waiting = new Map();
    flushing = undefined;
    for (const [step, count] of counts) await add(utils, step, count);
  }
  return async (step) => {
    waiting.set(step, (waiting.get(step) ?? 0) + 1);
    flushing ??= flush();
    await flushing.catch(onError);
  };
}
