import assert from "node:assert/strict";
import fc from "fast-check";
import type { AgentVersionId } from "@stoa/protocol";
import { createBroker, openKeyValueStore } from "@stoa/sandbox";
import { createFrameReader, type Frame } from "../../src/frames/frame.ts";
import { runExecution, type Verdict } from "../../src/runner/run-execution.ts";
import type { ProcessListener, SandboxProcess } from "../../src/runner/sandbox-process.ts";
import { runImpostor } from "../hostile/impostor.ts";
import { type Law, law } from "./law.ts";
import { cut, cuts, stream } from "./streams.ts";

const MAX_BYTES = 2_000;
const BOUNDS = { timeMs: 60_000, outputBytes: 300, logBytes: 200 };

interface Read {
  frames: string[];
  broken: boolean;
}
const said = ({ message, bytes }: Frame) => `${JSON.stringify(message)} ${Buffer.from(bytes).toString("hex")}`;

/** What a stream says, read from all of it at once by the format's definition. */
function readWhole(bytes: Buffer): Read {
  const frames: string[] = [];
  for (let at = 0; bytes.length - at >= 4;) {
    const length = bytes.readUInt32LE(at);
    if (length < 4 || length > MAX_BYTES) return { frames, broken: true };
    if (bytes.length - at - 4 < length) break;
    const json = bytes.readUInt32LE(at + 4);
    if (json > length - 4) return { frames, broken: true };
    try {
      const message: unknown = JSON.parse(bytes.toString("utf8", at + 8, at + 8 + json));
      frames.push(said({ message, bytes: bytes.subarray(at + 8 + json, at + 4 + length) }));
    } catch {
      return { frames, broken: true };
    }
    at += 4 + length;
  }
  return { frames, broken: false };
}

/** What the reader makes of it, chunk by chunk; the frames of a chunk that breaks it are lost with it. */
function readInChunks(chunks: Buffer[]): Read {
  const reader = createFrameReader(MAX_BYTES);
  const received: Frame[] = [];
  let broken = false;
  for (const chunk of chunks) {
    try {
      received.push(...reader.read(chunk));
    } catch (error) {
      assert.ok(error instanceof RangeError || error instanceof SyntaxError, String(error));
      assert.ok(error.message.length < 500, "the error says too much");
      broken = true;
      break;
    }
  }
  // Written out in the end: later chunks may not have changed what was given out before.
  return { frames: received.map(said), broken };
}

const reading = law(
  "a frame reader gives the frames of any stream, however it is cut, and breaks where the format is broken",
  2_000,
  fc.tuple(stream, cuts),
  ([bytes, sizes]) => {
    const whole = readWhole(bytes);
    const read = readInChunks(cut(bytes, sizes));
    assert.equal(read.broken, whole.broken);
    assert.deepEqual(read.frames, whole.frames.slice(0, read.frames.length));
    if (!whole.broken) assert.equal(read.frames.length, whole.frames.length);
    const single = readInChunks(cut(bytes, [1]));
    assert.deepEqual(single, whole);
  },
);

/** The runner's end of a process that says these bytes, and then ends. */
function peerOf(chunks: Buffer[]): { process: SandboxProcess; say(): void; deeds: string[] } {
  const reader = createFrameReader(MAX_BYTES);
  const deeds: string[] = [];
  let listener: ProcessListener | undefined;
  let killed = false;
  const kill = () => {
    killed = true;
    deeds.push("kill");
  };
  return {
    deeds,
    process: {
      exited: Promise.resolve({ signal: undefined, code: 0, stderr: "", leftUnread: false }),
      get isOver() {
        return killed;
      },
      send: (message) => void deeds.push(message.type),
      listen: (next) => {
        listener = next;
      },
      rest: () => undefined,
      kill,
    },
    say() {
      for (const chunk of chunks) {
        if (killed) return;
        try {
          listener!.onFrames(reader.read(chunk));
        } catch (error) {
          listener!.onBroken(error as Error);
          kill();
        }
      }
      listener!.onExit({ signal: undefined, code: 0, stderr: "", leftUnread: false });
    },
  };
}

const REASONS = ["crashed", "memory_limit", "output_limit", "bad_output", "log_limit", "timeout"];
const STEERING = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

function requireSound({ failure, output, logBytes, usage }: Verdict, lines: string[]): void {
  if (failure) {
    assert.ok(REASONS.includes(failure.reason), `a process may not claim ${failure.reason}`);
    assert.ok(failure.message.length <= 1_100, "the message is too long");
    assert.ok(!STEERING.test(failure.message), "the message would steer a terminal");
    assert.equal(output.length, 0);
  } else {
    assert.ok(output.length <= BOUNDS.outputBytes);
    assert.ok(logBytes <= BOUNDS.logBytes);
  }
  assert.ok(Buffer.byteLength(lines.join("\n")) <= 3 * BOUNDS.logBytes + 3, "more log came out than may");
  assert.ok(!lines.some((line) => STEERING.test(line)), "the log would steer a terminal");
  for (const { method } of usage.calls ?? []) assert.ok(["kv.get", "kv.set", "unknown"].includes(method), method);
}

const judging = law(
  "an execution ends once and soundly whatever its process says, and hears nothing of it afterwards",
  1_000,
  fc.tuple(stream, cuts),
  async ([bytes, sizes]) => {
    const { process, say } = peerOf(cut(bytes, sizes));
    const grants = { keyValue: true } as const;
    const broker = createBroker({ versionId: "0x" as AgentVersionId, grants, keyValue: openKeyValueStore() });
    const lines: string[] = [];
    let isOver = false;
    const running = runExecution(
      process,
      {
        executionId: "fuzz",
        input: null,
        onLog(batch) {
          assert.ok(!isOver, "it logged after its end");
          lines.push(...batch);
        },
        onProgress(fraction, text) {
          assert.ok(!isOver, "it told progress after its end");
          assert.ok(fraction >= 0 && fraction <= 1 && text.length <= 256 && !STEERING.test(text));
        },
      },
      Buffer.from("null"),
      BOUNDS,
      broker,
    );
    say();
    const verdict = await running;
    isOver = true;
    requireSound(verdict, lines);
    await new Promise((resolve) => setImmediate(resolve));
  },
);

/** Below what a stream can say: any longer frame is waited for to the end of the execution. */
const BRIEF_MS = 500;

const serving = law(
  "a runner judges a real process soundly whatever it says, and serves on",
  20,
  fc.tuple(stream, cuts),
  async ([bytes, sizes]) => {
    const chunks = cut(bytes, sizes).map((chunk) => chunk.toString("base64"));
    const script = `start(); hear(); for (const chunk of ${JSON.stringify(chunks)}) raw(Buffer.from(chunk, "base64")); process.exit(0);`;
    const { outcomes, told } = await runImpostor(script, { executions: 2, timeMs: BRIEF_MS });
    for (const outcome of outcomes) {
      if (outcome.status === "ok") continue;
      assert.ok(REASONS.includes(outcome.reason), `${outcome.reason}: ${outcome.message}`);
      assert.ok(outcome.message.length <= 1_100 && !STEERING.test(outcome.message), outcome.message);
    }
    assert.ok(!STEERING.test(told.flat().join("")), "what it told would steer a terminal");
  },
  300,
);

export const frameLaws: readonly Law[] = [reading, judging, serving];
