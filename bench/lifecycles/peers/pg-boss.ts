import { startPostgres } from "@stoa/testkit";
import { PgBoss } from "pg-boss";
import { countRows } from "./count-rows.ts";
import { jobOf, type Peer, type StepJob, STEPS } from "./peer.ts";

const QUEUE = "life-cycle";
const BATCH = 1_000;

/** pg-boss: jobs inserted, fetched and completed in batches of a thousand. */
export const pgBoss: Peer = {
  name: "pg-boss",
  async run(lifeCycles) {
    await using server = await startPostgres();
    const connectionString = await server.createDatabase("peer");
    const boss = await openBoss(connectionString);
    const started = performance.now();
    for (let at = 0; at < lifeCycles; at += BATCH) await insert(boss, 0, Math.min(BATCH, lifeCycles - at));
    for (let finished = 0; finished < lifeCycles;) {
      const jobs = await boss.fetch<StepJob>(QUEUE, { batchSize: BATCH });
      await boss.complete(
        QUEUE,
        jobs.map(({ id }) => id),
      );
      for (let step = 0; step < STEPS - 1; step += 1) {
        const count = jobs.filter(({ data }) => data.step === step).length;
        if (count > 0) await insert(boss, step + 1, count);
      }
      finished += jobs.filter(({ data }) => data.step === STEPS - 1).length;
    }
    const elapsedMs = performance.now() - started;
    await boss.stop({ graceful: false });
    return { elapsedMs, rowsPerLifeCycle: (await countRows(connectionString)) / lifeCycles };
  },
};

async function openBoss(connectionString: string): Promise<PgBoss> {
  const boss = new PgBoss({ connectionString, supervise: false, schedule: false });
  boss.on("error", (error) => console.error(error));
  await boss.start();
  await boss.createQueue(QUEUE);
  return boss;
}

async function insert(boss: PgBoss, step: number, count: number): Promise<void> {
  await boss.insert(
    QUEUE,
    Array.from({ length: count }, () => ({ data: jobOf(step) })),
  );
}
