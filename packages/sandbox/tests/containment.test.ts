import { spawn } from "node:child_process";
import { once } from "node:events";
import { readlinkSync } from "node:fs";
import { createServer, type Server } from "node:net";
import type { AddressInfo } from "node:net";
import type { Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { createBroker, createRunner, type Containment, detectContainment, sandboxReport } from "@stoa/sandbox";
import { installPackages } from "@stoa/testkit/debian";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchCommand } from "../src/containment/launch-command.ts";
import { misbehavingAgent } from "./misbehaving-agent.ts";
import { descendantsOf, eventually, isAlive, sandboxesOf } from "./process-tree.ts";

if (process.platform === "linux") installPackages({ bwrap: "bubblewrap" });

const isRoot = process.getuid?.() === 0;
const searchPath = process.env["PATH"] ?? "";

/** What a program could do that has broken out of the interpreter and of Node's permission model. */
const breakout = `
  const fs = require("node:fs"), net = require("node:net"), child = require("node:child_process");
  const tried = {};
  const attempt = (name, act) => { try { tried[name] = act() ?? "done"; } catch (error) { tried[name] = error.code ?? error.message; } };
  if (process.env.STOA_UID) throw new Error("unreachable");
  const uid = Number(process.argv[1] || -1);
  if (uid > 0) { process.setgroups([]); process.setgid(uid); process.setuid(uid); }
  attempt("environment", () => Object.keys(process.env).join());
  attempt("hosts", () => fs.readFileSync("/etc/hostname", "utf8") && "read");
  attempt("secret", () => fs.readFileSync(process.argv[2], "utf8"));
  attempt("kill", () => process.kill(Number(process.argv[3]), 0));
  attempt("uid", () => { process.setuid(0); return "root"; });
  attempt("program", () => String(child.spawnSync("/usr/bin/true", []).status));
  attempt("process", () => { const { status, error } = child.spawnSync(process.execPath, ["-e", "0"]); if (error) throw error; return String(status); });
  attempt("status", () => fs.readFileSync("/proc/self/status", "utf8"));
  const socket = net.connect(Number(process.argv[4]), "127.0.0.1");
  const end = (network) => { tried.network = network; process.stdout.write(JSON.stringify(tried)); process.exit(0); };
  socket.on("connect", () => end("connected"));
  socket.on("error", (error) => end(error.code));
`;

/** Runs code where an agent's process would run, with Node's permission model switched off. */
async function breakOut(
  containment: Containment,
  code: string,
  args: string[],
): Promise<{ stdout: string; stderr: string; code: number | null; signal: string | null }> {
  const uid = containment.ownUser ? 61_500 : undefined;
  const command = launchCommand({ containment, kind: "wasm", memoryMb: 64, cpuSeconds: 20, uid });
  const main = command.args.findIndex((argument) => argument.endsWith("child/main.ts"));
  const launch = command.args
    .slice(0, main)
    .filter((argument) => !argument.startsWith("--permission") && !argument.startsWith("--allow"));
  const child = spawn(command.path, [...launch, "-e", code, String(uid ?? ""), ...args], {
    env: {},
    cwd: "/",
    detached: true,
    stdio: ["ignore", "pipe", "pipe", "ignore", "pipe", "pipe"],
  });
  // Closed as a runner's own, it has a shell that watches end.
  child.once("exit", () => child.stdio.at(4)!.destroy());
  (child.stdio.at(5) as Writable).on("error", () => undefined).end(command.filter);
  let stdout = "";
  let stderr = "";
  child.stdout!.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr!.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const [exit, signal] = (await once(child, "close")) as [number | null, string | null];
  return { stdout, stderr, code: exit, signal };
}

const variants: [string, Parameters<typeof detectContainment>[0] & object][] = [
  ["everything the host has", {}],
  ["no filter of system calls", { without: ["filter"] }],
  ["no bwrap", { without: ["bwrap"] }],
  ["no namespaces", { without: ["bwrap", "unshare"] }],
  ["no namespaces, no other user", { without: ["bwrap", "unshare", "ownUser"] }],
  ["nothing but a shell", { without: ["bwrap", "unshare", "ownUser", "prlimit", "setpriv"] }],
];

describe.skipIf(process.platform !== "linux").each(variants)("a process held in by %s", (_, options) => {
  let containment: Containment;
  let server: Server;
  beforeAll(async () => {
    containment = await detectContainment({ searchPath, ...options });
    server = createServer((socket) => socket.end()).listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  afterAll(() => void server.close());

  test("still cannot do what the report says it is held back from", async () => {
    const port = (server.address() as AddressInfo).port;
    const result = await breakOut(containment, breakout, ["/etc/shadow", String(process.pid), String(port)]);
    const tried = JSON.parse(result.stdout || `{"failed":${JSON.stringify(result.stderr)}}`) as Record<string, string>;
    const { namespaces, ownUser, setpriv } = containment;
    const status = (name: string) => new RegExp(`^${name}:\\s*(.*)$`, "m").exec(tried["status"]!)?.[1];
    const report = sandboxReport(containment).contained.join("\n");

    expect(tried["environment"]).not.toMatch(/PATH=|HOME|TOKEN/);
    if (namespaces.kind !== "none") {
      expect(report).toContain("network");
      expect(tried["network"]).not.toBe("connected");
      expect(tried["kill"]).toMatch(/ESRCH|ENOSYS/);
    }
    if (namespaces.kind === "bwrap") {
      expect(report).toContain("the file system");
      expect(tried["hosts"]).toMatch(/ENOENT|EACCES/);
      expect(tried["secret"]).toMatch(/ENOENT|EACCES/);
      expect(tried["program"]).not.toBe("0");
    }
    if (containment.filtersCalls) {
      expect(report).toContain("system calls");
      expect(tried["network"]).not.toMatch(/ENETUNREACH|ECONNREFUSED/);
      expect(tried["process"]).not.toBe("0");
      expect(status("Seccomp")).toBe("2");
    }
    if (ownUser) {
      expect(report).toContain("the operator's user");
      expect(tried["secret"]).toMatch(/EACCES|ENOENT/);
      expect(tried["kill"]).toMatch(/EPERM|ESRCH|ENOSYS/);
      expect(tried["uid"]).toBe("EPERM");
      expect(Number(status("CapEff"))).toBe(0);
    }
    if (namespaces.kind === "bwrap" || setpriv) expect(status("NoNewPrivs")).toBe("1");
  });

  test("is ended when it takes more memory, files or CPU than its limits", async () => {
    if (!containment.prlimit) return;
    const memory = await breakOut(containment, "const kept = []; for (;;) kept.push(Buffer.alloc(16 << 20, 1));", []);
    expect(memory.stdout).toBe("");
    expect(memory.code !== 0 || memory.signal !== null).toBe(true);
    const write = await breakOut(
      containment,
      'try { require("node:fs").writeFileSync("/tmp/stoa-break-out", "x"); process.stdout.write("wrote"); } catch {}',
      [],
    );
    expect(write.stdout).toBe("");
  });

  test("has an agent computing in it, and one that is stopped", async () => {
    const agent = await misbehavingAgent("js");
    await using runner = await createRunner({
      ...agent,
      containment,
      broker: createBroker({ versionId: "0x" as never, grants: {} }),
    });
    expect(await runner.run({ executionId: "1", input: { do: "double", n: 2 } })).toMatchObject({
      status: "ok",
      output: { value: 4 },
    });
    const [sandbox] = sandboxesOf(process.pid);
    expect(sandbox).toBeDefined();
    if (containment.ownUser)
      expect(sandbox!.status["Uid"]!.split("\t").every((uid) => Number(uid) >= 61_184)).toBe(true);
    if (containment.namespaces.kind !== "none" && isRoot)
      expect(readlinkSync(`/proc/${sandbox!.pid}/ns/net`)).not.toBe(readlinkSync("/proc/self/ns/net"));
    expect(await runner.run({ executionId: "2", input: { do: "loop" } })).toMatchObject({
      status: "failed",
      reason: "timeout",
    });
    await eventually(() => sandboxesOf(process.pid).length === 0, 30_000, "the stopped process is gone");
  });

  test.each(["loop", "double"])("ends with its node, busy or idle: %s", async (deed) => {
    const node = spawn(
      process.execPath,
      [fileURLToPath(new URL("./node-to-kill.ts", import.meta.url)), JSON.stringify(options), searchPath, deed],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    await Promise.race([
      once(node.stdout, "data"),
      once(node, "exit").then(() => expect.unreachable("the node ended before its agent was at work")),
    ]);
    await eventually(() => sandboxesOf(node.pid!).length === 1, 30_000, "the agent runs");
    const processes = descendantsOf(node.pid!).map(({ pid }) => pid);
    node.kill("SIGKILL");
    await once(node, "exit");
    await eventually(() => processes.every((pid) => !isAlive(pid)), 30_000, "everything the node started is gone");
  });
});
