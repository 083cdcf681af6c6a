import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm, symlink } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { findProgram, installPackages } from "../debian/index.ts";

const START_DEADLINE_MS = 60_000;
const STOP_DEADLINE_MS = 30_000;
const LOG_LENGTH = 20_000;
/** What an engine says on a machine that does not let even root have containers. */
const NO_RIGHTS = /operation not permitted|permission denied|read-only file system|devices cgroup isn't mounted/i;

/** A real container engine of a test's own. */
export interface ContainerEngine extends AsyncDisposable {
  socketPath: string;
  pid: number;
}

/** Packages of Debian by the program each is needed for. */
const PROGRAMS = { dockerd: "docker.io", containerd: "containerd", runc: "runc", iptables: "iptables" };

function answers(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    request({ socketPath, path: "/_ping" }, (response) => resolve(response.resume().statusCode === 200))
      .once("error", () => resolve(false))
      .end();
  });
}

async function stop(engine: ChildProcess, folder: string): Promise<void> {
  if (engine.exitCode === null && engine.signalCode === null) {
    const exited = once(engine, "exit");
    engine.kill("SIGTERM");
    await Promise.race([exited, delay(STOP_DEADLINE_MS, undefined, { ref: false })]);
  }
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}

/**
 * Starts a container engine on a socket and a data folder of its own, both gone after it; Debian's packages are
 * installed when they are missing. A second name for `runc`, `runsc`, stands in where gVisor's own is to be chosen.
 * @returns the engine, or why this machine can have none
 */
export async function startContainerEngine(
  options: { withRunsc?: boolean } = {},
): Promise<ContainerEngine | { missing: string }> {
  if (process.platform !== "linux") return { missing: `containers need Linux, this is ${process.platform}` };
  if (process.getuid?.() !== 0) return { missing: "only root can start a container engine" };
  const missing = installPackages(PROGRAMS);
  if (missing !== undefined) return { missing };
  const folder = await mkdtemp(join(tmpdir(), "stoa-eng-"));
  const socketPath = join(folder, "d.sock");
  const runsc = join(folder, "runsc");
  if (options.withRunsc) await symlink(findProgram("runc")!, runsc);
  const args = [
    ["--bridge=none", "--iptables=false", "--ip6tables=false"],
    ["--data-root", join(folder, "data"), "--exec-root", join(folder, "exec"), "--pidfile", join(folder, "pid")],
    ["--host", `unix://${socketPath}`],
    options.withRunsc ? ["--add-runtime", `runsc=${runsc}`] : [],
  ].flat();
  // Should the tests be killed, the engine ends with them where the system can see to it.
  const tie = findProgram("setpriv");
  const [program, ...before] = [...(tie ? [tie, "--pdeathsig", "TERM"] : []), findProgram("dockerd")!] as [string];
  const engine = spawn(program, [...before, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let log = "";
  for (const output of [engine.stdout, engine.stderr])
    output.setEncoding("utf8").on("data", (text: string) => (log = (log + text).slice(-LOG_LENGTH)));
  const deadline = performance.now() + START_DEADLINE_MS;
  while (!(existsSync(socketPath) && (await answers(socketPath)))) {
    if (engine.exitCode === null && engine.signalCode === null && performance.now() < deadline) {
      await delay(50);
      continue;
    }
    await stop(engine, folder);
    const said = log.trim().split("\n").slice(-3).join("\n");
    if (NO_RIGHTS.test(log)) return { missing: `this machine lets no container engine start: ${said}` };
    throw new Error(`dockerd did not start: ${said}`);
  }
  return { socketPath, pid: engine.pid!, [Symbol.asyncDispose]: () => stop(engine, folder) };
}
