import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type Database, openDatabase } from "@stoa/store";
import { ledgerProblems, startPostgres } from "@stoa/testkit";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Burst, bursts } from "./crash/move.ts";
import { openPlayer, type Promised } from "./crash/play-market.ts";

const SITTINGS = 4;
const BURSTS = 25;
const RUNS = { numRuns: 2, endOnFailure: true };

/** A sitting's bursts, and how many milliseconds into the last of them the crash comes. */
const sittings = fc.array(fc.record({ played: bursts(BURSTS), crashAfterMs: fc.integer({ min: 0, max: 60 }) }), {
  minLength: SITTINGS,
  maxLength: SITTINGS,
});
const seeds = fc.uuid();

/** What every state must have been told by, last of all that tells a state. */
const TOLD: Record<string, string[]> = {
  open: ["task.opened", "task.reopened", "task.unserved"],
  awarded: ["task.awarded"],
  running: ["task.running"],
  delivered: ["task.delivered"],
  settled: ["task.settled", "task.accepted"],
  cancelled: ["task.cancelled"],
  expired: ["task.expired"],
  failed: ["task.failed"],
};

async function expectSound(database: Database, promised: readonly Promised[]): Promise<void> {
  expect(await ledgerProblems(database)).toEqual([]);
  const told = await database.query<{ id: string; state: string; events: string[] }>(
    `select tasks.id, state, array_agg(type order by seq) as events from tasks join events on task_id = tasks.id
      where type like 'task.%' and type <> 'task.claimed' group by tasks.id, state`,
  );
  for (const { state, events } of told) expect(TOLD[state]).toContain(events.at(-1));
  const known = new Map(told.map(({ id, events }) => [id, events]));
  const lost = promised.filter(({ taskId, event }) => !known.get(taskId)?.includes(event));
  expect(lost, "what the market said was done is lost").toEqual([]);
  const [twice] = await database.query<{ count: bigint }>(
    "select count(*) from (select task_id from events where type = 'task.settled' group by task_id having count(*) > 1) as paid",
  );
  expect(twice).toEqual({ count: 0n });
}

test(
  "on PostgreSQL, whatever happens and whenever the server dies, the ledger's laws hold and nothing promised is lost",
  { timeout: 300_000 },
  async () => {
    await using server = await startPostgres();
    let made = 0;
    await fc.assert(
      fc.asyncProperty(seeds, sittings, async (seed, plan) => {
        const database = await openDatabase({ url: await server.createDatabase(`ledger${(made += 1)}`) });
        const promised: Promised[] = [];
        try {
          const player = await openPlayer(database, seed, 0, (one) => promised.push(one));
          for (const { played, crashAfterMs } of plan) {
            await playAll(player, played.slice(0, -1));
            const last = player.play(played.at(-1)!);
            const crashed = new Promise((resolve) => setTimeout(resolve, crashAfterMs)).then(() => server.kill());
            await Promise.allSettled([last, crashed]);
            await expect(player.play([{ kind: "submit", who: 1, what: 1, amount: 1 }])).resolves.toBeUndefined();
            await server.restart();
            await expectSound(database, promised);
          }
        } finally {
          await database.close();
        }
      }),
      RUNS,
    );
  },
);

async function playAll(player: { play(burst: Burst): Promise<void> }, played: readonly Burst[]): Promise<void> {
  for (const burst of played) await player.play(burst);
}

test(
  "on PGlite, whatever happens and whenever the process dies, the ledger's laws hold and nothing promised is lost",
  { timeout: 300_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(seeds, sittings, async (seed, plan) => {
        const folder = await mkdtemp(join(tmpdir(), "stoa-ledger-"));
        const promised: Promised[] = [];
        try {
          for (const [sitting, { played, crashAfterMs }] of plan.entries()) {
            promised.push(...(await playAndKill({ folder, seed, sitting }, played, crashAfterMs)));
            const database = await openDatabase({ folder });
            try {
              await expectSound(database, promised);
            } finally {
              await database.close();
            }
          }
        } finally {
          await rm(folder, { recursive: true, force: true });
        }
      }),
      RUNS,
    );
  },
);

/** Plays in a process that is killed some milliseconds into the last burst. */
async function playAndKill(
  place: { folder: string; seed: string; sitting: number },
  played: readonly Burst[],
  crashAfterMs: number,
): Promise<Promised[]> {
  const script = join(import.meta.dirname, "crash", "play-in-folder.ts");
  const child = spawn(process.execPath, [script, place.folder, place.seed, String(place.sitting)], {
    stdio: ["pipe", "pipe", "pipe"],
  });
  const exited = once(child, "exit");
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  // A child that died takes no more input; its exit says why.
  child.stdin.on("error", () => {});
  const promised: Promised[] = [];
  let done = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    const told = JSON.parse(line) as Promised | "open" | "done";
    if (typeof told === "object") promised.push(told);
    else {
      if (told === "done") done += 1;
      if (done < played.length) child.stdin.write(`${JSON.stringify(played[done])}\n`);
      if (done === played.length - 1) setTimeout(() => child.kill("SIGKILL"), crashAfterMs).unref();
      if (done === played.length) child.kill("SIGKILL");
    }
  }
  const [, signal] = (await exited) as [number | null, NodeJS.Signals | null];
  if (signal !== "SIGKILL") throw new Error(`the market ended by itself: ${errors}`);
  return promised;
}
