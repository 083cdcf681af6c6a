import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Queue, Worker } from "bullmq";
import { freePort } from "@stoa/host";
import { jobOf, type Peer, type StepJob, STEPS } from "./peer.ts";

const QUEUE = "life-cycle";
const BATCH = 1_000;
/** Jobs one worker has under way at once. */
const CONCURRENCY = 500;

/** BullMQ on a Redis that syncs its append-only file for every write, as PostgreSQL does its log. */
export const bullmq: Peer = {
  name: "BullMQ",
  async run(lifeCycles) {
    if (spawnSync("redis-server", ["--version"]).status !== 0) return null;
    await using redis = await startRedis();
    const connection = { host: "127.0.0.1", port: redis.port };
    const queue = new Queue<StepJob>(QUEUE, { connection });
    const all = Promise.withResolvers<void>();
    let finished = 0;
    const started = performance.now();
    for (let at = 0; at < lifeCycles; at += BATCH) await add(queue, 0, Math.min(BATCH, lifeCycles - at));
    const worker = new Worker<StepJob>(
      QUEUE,
      async ({ data }) => {
        if (data.step < STEPS - 1) return add(queue, data.step + 1, 1);
        finished += 1;
        if (finished === lifeCycles) all.resolve();
      },
      { connection, concurrency: CONCURRENCY },
    );
    worker.on("error", (error) => all.reject(error));
    try {
      await all.promise;
      // A job is one hash and its place in a list: added, made active, completed.
      return { elapsedMs: performance.now() - started, rowsPerLifeCycle: STEPS * 3 };
    } finally {
      await worker.close();
      await queue.close();
    }
  },
};

async function add(queue: Queue<StepJob>, step: number, count: number): Promise<void> {
  const data = jobOf(step);
  await queue.addBulk(Array.from({ length: count }, () => ({ name: "step", data })));
}

async function startRedis(): Promise<{ port: number } & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), "stoa-redis-"));
  const port = await freePort();
  const settings = [
    "--bind",
    "127.0.0.1",
    "--dir",
    folder,
    "--appendonly",
    "yes",
    "--appendfsync",
    "always",
    "--save",
    "",
  ];
  const server = spawn("redis-server", ["--port", String(port), ...settings], { stdio: ["ignore", "pipe", "inherit"] });
  await ready(server);
  return {
    port,
    async [Symbol.asyncDispose]() {
      const exited = once(server, "exit");
      server.kill();
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function ready(server: ChildProcess): Promise<void> {
  for await (const chunk of server.stdout!) {
    if (String(chunk).includes("Ready to accept connections")) break;
  }
  server.stdout?.resume();
}
