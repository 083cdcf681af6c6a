import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { Writable } from "node:stream";
import { setTimeout } from "node:timers/promises";
import type { Containment } from "@stoa/sandbox";
import { launchCommand } from "../../src/containment/launch-command.ts";
import type { Arena } from "./arena.ts";
import type { Attack } from "./attack.ts";

export interface Escape {
  name: string;
  /** What it does, the words of `PRELUDE` at hand. */
  script: string;
  /** What it shows when it is contained, where what it goes for bears no mark. */
  shows?: RegExp;
  /** Which of the host's means hold it in. */
  heldBy: (containment: Containment) => boolean;
  /** False for what nobody would try on a machine that does not hold it in. */
  isTriedOutside?: boolean;
}

const UID = 61_500;
const PATIENCE_MS = 60_000;
const DRAIN_MS = 1_000;

const PRELUDE = `
const fs = require("node:fs"), net = require("node:net"), child = require("node:child_process"), os = require("node:os");
const target = JSON.parse(process.argv[1]);
if (target.uid) { process.setgroups([]); process.setgid(target.uid); process.setuid(target.uid); }
const show = (what) => { try { fs.writeSync(1, String(what) + "\\n"); } catch {} };
const attempt = (act) => { try { return act(); } catch (error) { return error.code ?? error.message; } };
const self = (code) => [process.execPath, ["-e", code, process.argv[1]]];
`;

function targetOf(arena: Arena, uid: number | undefined): string {
  const { folder, secretFile, cachedArtifact, keyValueFile, port, datagramPort, socketPath, victimPid, mark } = arena;
  const pids = { victimPid, nodePid: process.pid };
  return JSON.stringify({
    folder,
    secretFile,
    cachedArtifact,
    keyValueFile,
    port,
    datagramPort,
    socketPath,
    ...pids,
    mark,
    uid,
  });
}

/** Waits for the end of a process that is in a group of its own, and ends it as a runner would when that is long. */
async function outputOf(child: ChildProcess): Promise<string> {
  let shown = "";
  const timer = globalThis.setTimeout(() => process.kill(-child.pid!, "SIGKILL"), PATIENCE_MS);
  for (const stream of [child.stdout!, child.stderr!])
    stream.on("data", (bytes: Buffer) => {
      shown += bytes.toString();
    });
  const closed = once(child, "close");
  await once(child, "exit");
  clearTimeout(timer);
  try {
    process.kill(-child.pid!, "SIGKILL");
  } catch {
    // Nothing is left of it.
  }
  // What it said last may still be in its pipes; a process that left the group holds them open for good.
  await Promise.race([closed, setTimeout(DRAIN_MS, undefined, { ref: false })]);
  for (const stream of child.stdio) stream?.destroy();
  return shown;
}

/** Runs a script where an agent's process would run; with Node's permission model only where `isInNode`. */
async function breakOut(containment: Containment, script: string, arena: Arena, isInNode: boolean): Promise<string> {
  const uid = containment.ownUser ? UID : undefined;
  const command = launchCommand({ containment, kind: "js", memoryMb: 64, cpuSeconds: 2, uid });
  const main = command.args.findIndex((argument) => argument.endsWith("child/main.ts"));
  const launch = command.args
    .slice(0, main)
    .filter((argument) => isInNode || !/^--(permission|allow|disallow|disable-proto)/.test(argument));
  const child = spawn(command.path, [...launch, "-e", PRELUDE + script, targetOf(arena, uid)], {
    env: {},
    cwd: "/",
    detached: true,
    stdio: ["ignore", "pipe", "pipe", "ignore", "pipe", "pipe"],
  });
  // The runner's end of the socket by which the process knows that its runner is gone.
  child.stdio.at(4)!.on("error", () => undefined);
  (child.stdio.at(5) as Writable).on("error", () => undefined).end(command.filter);
  return await outputOf(child);
}

/** Runs a script where nothing holds it in. */
export async function runOutside({ script }: Escape, arena: Arena): Promise<string> {
  const child = spawn(process.execPath, ["-e", PRELUDE + script, targetOf(arena, undefined)], {
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  return await outputOf(child);
}

function judge(shown: string, { shows }: Escape): string {
  if (shows && !shows.test(shown)) throw new Error(`it showed ${JSON.stringify(shown.slice(0, 500))}`);
  return shown;
}

/** What a program could do that has left the interpreter, and Node. */
export function byEscape(escape: Escape): Attack {
  return {
    name: escape.name,
    launch: async (arena) => judge(await breakOut(arena.containment, escape.script, arena, false), escape),
    isHeldIn: ({ containment }) => escape.heldBy(containment),
  };
}

const nothing = (shell: string | undefined): Containment => ({
  namespaces: { kind: "none" },
  filtersCalls: false,
  ownUser: false,
  prlimit: undefined,
  setpriv: undefined,
  shell,
});

/**
 * What a script could do that has left the interpreter for Node, whose permission model alone stands there: a shell
 * sees to its end.
 */
export function inNode(escape: Escape): Attack {
  return {
    name: escape.name,
    isHeldIn: ({ containment }) => containment.shell !== undefined,
    launch: async (arena) =>
      judge(await breakOut(nothing(arena.containment.shell), escape.script, arena, true), escape),
  };
}
