import { randomUUID } from "node:crypto";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AgentVersionId, ExecutionFailureReason, Json } from "@stoa/protocol";
import { type Containment, createBroker, createRunner, type ExecutionOutcome, openKeyValueStore } from "@stoa/sandbox";
import { manifestFor } from "../misbehaving-agent.ts";
import type { Attack } from "./attack.ts";

export interface ImpostorAttack {
  name: string;
  /** What it does where the sandbox process would run, the words of `PRELUDE` at hand. */
  script: string;
  /** How its executions end, one after the other; a failure by its reason and what is found in its message. */
  ends: readonly (readonly [ExecutionFailureReason, RegExp] | { gives: Json })[];
  timeMs?: number;
}

const frames = new URL("../../src/frames/frame.ts", import.meta.url).href;

/** An escaped process still holds the runner's socket; this is all it takes to speak on it. */
const PRELUDE = `
import { readSync, writeSync } from "node:fs";
import { encodeFrame } from ${JSON.stringify(frames)};
const raw = (bytes) => { for (let at = 0; at < bytes.length; ) at += writeSync(3, bytes, at); };
const say = (message, bytes) => raw(encodeFrame(message, bytes));
const pause = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
const take = (length) => {
  const bytes = Buffer.alloc(length);
  for (let at = 0; at < length; ) {
    const count = readSync(3, bytes, at, length - at);
    if (count === 0) process.exit(0);
    at += count;
  }
  return bytes;
};
const hear = () => take(take(4).readUInt32LE(0));
const start = () => { say({ type: "ready" }); hear(); say({ type: "loaded" }); };
const result = (output) => encodeFrame({ type: "done", cpuMs: 1, peakMemoryMb: 1 }, Buffer.from(JSON.stringify(output)));
const done = (output) => raw(result(output));
const u32 = (...values) => Buffer.concat(values.map((value) => { const b = Buffer.alloc(4); b.writeUInt32LE(value); return b; }));
`;

function tells(outcome: ExecutionOutcome, end: ImpostorAttack["ends"][number]): boolean {
  if ("gives" in end) return outcome.status === "ok" && JSON.stringify(outcome.output) === JSON.stringify(end.gives);
  return outcome.status === "failed" && outcome.reason === end[0] && end[1].test(outcome.message);
}

/** Has a runner start a script in the sandbox process's place, and give it executions one after the other. */
export async function runImpostor(
  script: string,
  { executions, timeMs }: { executions: number; timeMs: number },
): Promise<{ outcomes: ExecutionOutcome[]; told: unknown[] }> {
  const folder = await mkdtemp(join(tmpdir(), "stoa-impostor-"));
  try {
    const path = join(folder, "impostor.mjs");
    await writeFile(path, `#!${process.execPath}\n${PRELUDE}\n${script}\nfor (;;) hear();\n`);
    await chmod(path, 0o755);
    const artifact = Buffer.from("export const run = () => 1;");
    const limits = { memoryMb: 16, timeMs, outputBytes: 20_000, logBytes: 4_000 };
    const manifest = manifestFor("js", artifact, { input: true, output: true, limits, grants: { keyValue: true } });
    const versionId = `0x${randomUUID()}` as AgentVersionId;
    const broker = createBroker({ versionId, grants: manifest.grants, keyValue: openKeyValueStore() });
    await using runner = await createRunner({ manifest, artifact, broker, containment: startingOnly(path) });
    const told: unknown[] = [];
    const outcomes: ExecutionOutcome[] = [];
    for (let made = 0; made < executions; made += 1)
      outcomes.push(
        await runner.run({
          executionId: randomUUID(),
          input: null,
          onLog: (lines) => told.push(lines),
          onProgress: (fraction, text) => told.push([fraction, text]),
        }),
      );
    return { outcomes, told };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The program that sets limits is started in the sandbox process's place, and starts nothing. */
const startingOnly = (program: string): Containment => ({
  namespaces: { kind: "none" },
  filtersCalls: false,
  ownUser: false,
  prlimit: program,
  setpriv: undefined,
  shell: undefined,
});

/** An attack on the runner by a process that has become the attacker's, in the place of the sandbox's own. */
export function byImpostor({ name, script, ends, timeMs = 60_000 }: ImpostorAttack): Attack {
  return {
    name,
    isHeldIn: () => process.platform !== "win32",
    async launch() {
      const { outcomes, told } = await runImpostor(script, { executions: ends.length, timeMs });
      for (const [at, outcome] of outcomes.entries())
        if (!tells(outcome, ends[at]!)) throw new Error(`it ended with ${JSON.stringify(outcome).slice(0, 500)}`);
      return JSON.stringify([outcomes, told]);
    },
  };
}
