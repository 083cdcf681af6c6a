import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdir, readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type ErrorCode, errorCodes, StoaError } from "@stoa/protocol";

export const ROOT = join(import.meta.dirname, "..", "..", "..");
const STOP_DEADLINE_MS = 20_000;

export interface ServiceInit {
  name: string;
  /** From the root of the checkout. */
  script: string;
  env: Record<string, string>;
  logFile: string;
}

/** A process of the market's own. */
export interface Service {
  readonly name: string;
  readonly pid: number;
  /** Whether it still runs. */
  isAlive(): boolean;
  /** What it told when it was ready. */
  readonly ready: Promise<Record<string, unknown>>;
  /** Resolves when it has ended, however it did. */
  readonly exited: Promise<void>;
  /** Asks it to stop, waits, and ends it when it does not. */
  stop(): Promise<void>;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
}

/** Starts a process whose output goes to a log file. `ready` rejects with the log's end when it dies before that. */
export async function spawnService(init: ServiceInit): Promise<Service> {
  await mkdir(dirname(init.logFile), { recursive: true });
  const logStart = await stat(init.logFile).then(
    ({ size }) => size,
    () => 0,
  );
  const child = spawn(process.execPath, [join(ROOT, init.script)], {
    env: { ...inherited(), ...init.env },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    // Ctrl-C reaches the whole terminal group: the starter alone decides in which order its processes stop.
    detached: true,
  });
  const log = createWriteStream(init.logFile, { flags: "a" });
  child.stdout?.pipe(log, { end: false });
  child.stderr?.pipe(log, { end: false });
  const exited = once(child, "exit").then(() => void log.end());
  const endWithStarter = () => child.kill("SIGKILL");
  process.once("exit", endWithStarter);
  void exited.then(() => process.off("exit", endWithStarter));
  const isAlive = () => child.exitCode === null && child.signalCode === null;
  const ready = readiness(child, exited, { ...init, logStart });
  // Whoever waits for it learns of a failure; nobody has to wait.
  ready.catch(() => {});
  return {
    name: init.name,
    pid: child.pid ?? -1,
    isAlive,
    ready,
    exited,
    async stop() {
      if (isAlive()) child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), STOP_DEADLINE_MS);
      await exited;
      clearTimeout(timer);
    },
    async kill() {
      if (isAlive()) child.kill("SIGKILL");
      await exited;
    },
  };
}

async function readiness(
  child: ChildProcess,
  exited: Promise<void>,
  init: ServiceInit & { logStart: number },
): Promise<Record<string, unknown>> {
  const told = once(child, "message").then(([message]) => message as Record<string, unknown>);
  const early = exited.then(() => null);
  const message = await Promise.race([told, early]);
  if (message) return message;
  const said = (await readFile(init.logFile)).subarray(init.logStart).toString().trim();
  const [, code = "", detail = ""] = /^(\w+): (.*)$/m.exec(said) ?? [];
  if (Object.hasOwn(errorCodes, code)) throw new StoaError(code as ErrorCode, `the ${init.name}: ${detail}`);
  const tail = said.split("\n").slice(-12).join("\n");
  throw new Error(`${init.name} stopped before it was ready (log: ${init.logFile}):\n${tail}`);
}

/** The starter's own settings reach its processes only when they are given on purpose. */
function inherited(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !name.startsWith("STOA_") || name === "STOA_TEST_RUN" || name === "STOA_LOG_LEVEL",
    ),
  );
}
