import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { chmod, chown, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { once } from "node:events";
import { freePort } from "@stoa/host";
import pg from "pg";
import { postgresBinaries } from "./postgres-binaries.ts";

/** The user and group PostgreSQL runs as when the tests run as root, which it refuses. */
const NOBODY = 65_534;
const START_DEADLINE_MS = 30_000;

/** A real PostgreSQL server of a test's own. */
export interface PostgresServer extends AsyncDisposable {
  /** URL of the maintenance database. */
  readonly url: string;
  readonly pid: number;
  /** Makes an empty database and returns its URL. */
  createDatabase(name: string): Promise<string>;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
  /** Starts it again on the same data and port. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts a PostgreSQL server on a free port, over a fresh data folder that goes with it.
 * @param plan.binaries the folder of the programs to run instead of the npm package's
 */
export async function startPostgres(plan: { binaries?: string } = {}): Promise<PostgresServer> {
  const binaries = plan.binaries ?? (await postgresBinaries());
  const folder = await mkdtemp(join(tmpdir(), "stoa-pg-"));
  const user = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  if ("uid" in user) await chown(folder, NOBODY, NOBODY);
  await chmod(folder, 0o700);
  const init = spawnSync(
    join(binaries, "initdb"),
    [
      "-D",
      join(folder, "data"),
      "-U",
      "stoa",
      "-A",
      "trust",
      "-E",
      "UTF8",
      "--locale=C",
      "--no-sync",
      "--no-instructions",
    ],
    { ...user, encoding: "utf8", cwd: tmpdir() },
  );
  if (init.status !== 0) throw new Error(`initdb failed: ${init.stderr}${init.error?.message ?? ""}`);
  const port = await freePort();
  const url = (database: string) => `postgresql://stoa@127.0.0.1:${port}/${database}`;
  const start = () => startServer({ program: join(binaries, "postgres"), folder, port, user, url: url("postgres") });
  let server = await start();
  const end = async (signal: NodeJS.Signals) => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const exited = once(server, "exit");
    server.kill(signal);
    await exited;
  };
  const stop = async () => {
    await end("SIGINT");
    await rm(folder, { recursive: true, force: true });
  };
  return {
    url: url("postgres"),
    get pid() {
      return server.pid ?? -1;
    },
    async createDatabase(name) {
      await execute(url("postgres"), `create database "${name}"`);
      return url(name);
    },
    kill: () => cutPower(server),
    async restart() {
      await cutPower(server);
      server = await start();
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/**
 * Kills a server and every process of its own with it: without their parent these answer what came already, and those
 * on their way to it, for a moment more.
 */
async function cutPower(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const children = await childrenOf(server.pid!);
  const exited = once(server, "exit");
  server.kill("SIGKILL");
  for (const pid of children) killIfThere(pid);
  await exited;
  const deadline = Date.now() + START_DEADLINE_MS;
  while (children.some((pid) => killIfThere(pid)) && Date.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 5));
}

/** Where the platform does not tell, none: they then end by themselves. */
async function childrenOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8").catch(() => "");
  return text.split(" ").filter(Boolean).map(Number);
}

/** @returns whether there was such a process */
function killIfThere(pid: number): boolean {
  try {
    return process.kill(pid, "SIGKILL");
  } catch {
    return false;
  }
}

interface ServerInit {
  program: string;
  folder: string;
  port: number;
  user: object;
  url: string;
}

/** What it says while processes of the server that was killed still end: they notice it a moment later. */
const STILL_ENDING = "pre-existing shared memory block";

async function startServer(init: ServerInit): Promise<ChildProcess> {
  const deadline = Date.now() + START_DEADLINE_MS;
  for (;;) {
    const { server, log } = await tryServer(init, deadline);
    if (log === undefined) return server;
    if (!log.includes(STILL_ENDING) || Date.now() > deadline) throw new Error(`PostgreSQL did not start:\n${log}`);
  }
}

/** Starts a server once; with its log when it did not come up. */
async function tryServer(
  { program, folder, port, user, url }: ServerInit,
  deadline: number,
): Promise<{ server: ChildProcess; log?: string }> {
  const settings = [
    "listen_addresses=127.0.0.1",
    `port=${port}`,
    `unix_socket_directories=${folder}`,
    "max_connections=100",
    "restart_after_crash=off",
  ];
  const server = spawn(program, ["-D", join(folder, "data"), ...settings.flatMap((setting) => ["-c", setting])], {
    ...user,
    cwd: tmpdir(),
    stdio: ["ignore", "ignore", "pipe"],
  });
  let log = "";
  server.stderr?.on("data", (chunk: Buffer) => (log = (log + chunk.toString()).slice(-4_000)));
  for (;;) {
    const answers = await execute(url, "select 1").then(
      () => true,
      () => false,
    );
    if (answers) return { server };
    if (server.exitCode !== null || Date.now() > deadline) {
      server.kill("SIGKILL");
      return { server, log };
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function execute(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => {});
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
