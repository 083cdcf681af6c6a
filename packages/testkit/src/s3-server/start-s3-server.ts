import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { freePort } from "@stoa/host";
import { findProgram, installPackages } from "../debian/index.ts";
import { backends, type Ports, SECRET, USER, writeSwiftSettings } from "./write-swift-settings.ts";

const START_DEADLINE_MS = 60_000;
const STOP_DEADLINE_MS = 5_000;
const LOG_LENGTH = 20_000;

/** Packages of Debian by the program each is needed for. */
const PROGRAMS = {
  "swift-proxy-server": "swift-proxy",
  "swift-account-server": "swift-account",
  "swift-container-server": "swift-container",
  "swift-object-server": "swift-object",
};

/** A real server that speaks S3, of a test's own: OpenStack Swift. */
export interface S3Server extends AsyncDisposable {
  endpoint: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
}

async function stop(servers: readonly ChildProcess[], folder: string): Promise<void> {
  const running = servers.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
  const ends = running.map((server) => once(server, "exit"));
  for (const server of running) server.kill("SIGKILL");
  await Promise.race([Promise.all(ends), delay(STOP_DEADLINE_MS, undefined, { ref: false })]);
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}

async function answers(port: number): Promise<boolean> {
  return await fetch(`http://127.0.0.1:${port}/`).then(
    (response) => response.status < 500,
    () => false,
  );
}

/**
 * Starts a server that speaks S3 on free ports and in a folder of its own, both gone after it; Debian's packages are
 * installed when they are missing.
 * @returns the server, or why this machine can have none
 */
export async function startS3Server(): Promise<S3Server | { missing: string }> {
  if (process.getuid?.() !== 0) return { missing: "only root can install and start OpenStack Swift" };
  const missing = installPackages(PROGRAMS);
  if (missing !== undefined) return { missing };
  const folder = await mkdtemp(join(tmpdir(), "stoa-s3-"));
  const ports: Ports = {
    account: await freePort(),
    container: await freePort(),
    object: await freePort(),
    proxy: await freePort(),
  };
  await writeSwiftSettings(folder, ports);
  let log = "";
  // Should the tests be killed, the servers end with them where the system can see to it.
  const tie = findProgram("setpriv");
  const servers = [...backends, "proxy" as const].map((name) => {
    const command = [findProgram(`swift-${name}-server`)!, join(folder, `${name}.conf`)];
    const [program, ...args] = [...(tie ? [tie, "--pdeathsig", "KILL"] : []), ...command] as [string];
    const server = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
    for (const output of [server.stdout, server.stderr])
      output.setEncoding("utf8").on("data", (text: string) => (log = (log + text).slice(-LOG_LENGTH)));
    return server;
  });
  const deadline = performance.now() + START_DEADLINE_MS;
  const isUp = async () => (await Promise.all(Object.values(ports).map(answers))).every(Boolean);
  while (!(await isUp())) {
    if (servers.every(({ exitCode }) => exitCode === null) && performance.now() < deadline) {
      await delay(50);
      continue;
    }
    await stop(servers, folder);
    throw new Error(`OpenStack Swift did not start: ${log.trim().split("\n").slice(-3).join("\n")}`);
  }
  return {
    endpoint: `http://127.0.0.1:${ports.proxy}`,
    region: "us-east-1",
    credentials: { accessKeyId: USER, secretAccessKey: SECRET },
    [Symbol.asyncDispose]: () => stop(servers, folder),
  };
}
