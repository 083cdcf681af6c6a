import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { freePort } from "@stoa/host";
import { findProgram, installPackages } from "../debian/index.ts";

const START_DEADLINE_MS = 60_000;

export interface MailServerOptions {
  /** The port it listens on; a free one when absent. */
  port?: number;
  /** The largest mail it takes; larger ones it refuses for good. */
  maxBytes?: number;
}

/** A real mail server, of a test's own: aiosmtpd, which delivers into a Maildir. */
export interface MailServer extends AsyncDisposable {
  /** Such as `smtp://127.0.0.1:2525`. */
  url: string;
  /** The mails it was handed, as they came. */
  received(): Promise<string[]>;
}

function greets(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const end = (answer: boolean) => (socket.destroy(), resolve(answer));
    socket.once("data", (data) => end(data.toString().startsWith("220")));
    socket.once("error", () => end(false));
  });
}

/**
 * Starts a server that speaks SMTP in a folder of its own, gone after it; Debian's package is installed when it is missing.
 * @returns the server, or why this machine can have none
 */
export async function startMailServer(options: MailServerOptions = {}): Promise<MailServer | { missing: string }> {
  const missing = installPackages({ "/usr/bin/aiosmtpd": "python3-aiosmtpd" });
  if (missing !== undefined) return { missing };
  const folder = await mkdtemp(join(tmpdir(), "stoa-mail-"));
  const port = options.port ?? (await freePort());
  const command = ["/usr/bin/aiosmtpd", "-n", "-l", `127.0.0.1:${port}`];
  if (options.maxBytes !== undefined) command.push("-s", String(options.maxBytes));
  command.push("-c", "aiosmtpd.handlers.Mailbox", join(folder, "mails"));
  // Should the tests be killed, the server ends with them where the system can see to it.
  const tie = findProgram("setpriv");
  const [program, ...args] = [...(tie ? [tie, "--pdeathsig", "KILL"] : []), ...command] as [string, ...string[]];
  const server = spawn(program, args, { stdio: ["ignore", "ignore", "pipe"] });
  let log = "";
  server.stderr.setEncoding("utf8").on("data", (text: string) => (log += text));
  const exited = once(server, "exit");
  const stop = async () => {
    server.kill("SIGKILL");
    await exited;
    await rm(folder, { recursive: true, force: true });
  };
  const deadline = performance.now() + START_DEADLINE_MS;
  while (!(await greets(port))) {
    if (server.exitCode === null && performance.now() < deadline) {
      await delay(50);
      continue;
    }
    await stop();
    throw new Error(`aiosmtpd did not start: ${log.trim().split("\n").slice(-3).join("\n")}`);
  }
  return {
    url: `smtp://127.0.0.1:${port}`,
    async received() {
      const box = join(folder, "mails", "new");
      const names = await readdir(box).catch(() => []);
      return Promise.all(names.map((name) => readFile(join(box, name), "utf8")));
    },
    [Symbol.asyncDispose]: stop,
  };
}
