import { agentVersionId, type Json, type Manifest } from "@stoa/protocol";
import { createBroker, createRunner, type ExecutionOutcome } from "@stoa/sandbox";
import { expect, test } from "vitest";
import { manifestFor } from "./misbehaving-agent.ts";

/** Runs a source once. */
async function runSource(
  source: string,
  input: Json = { do: "it" },
  change: Partial<Manifest> = {},
): Promise<ExecutionOutcome> {
  const artifact = Buffer.from(source);
  const manifest = manifestFor("js", artifact, { output: true, ...change });
  const broker = createBroker({ versionId: agentVersionId(manifest), grants: {} });
  await using runner = await createRunner({ manifest, artifact, broker });
  return await runner.run({ executionId: "test", input });
}

test.each<[string, string, Json]>([
  ["returns at once", "export const run = (input) => [input];", [{ do: "it" }]],
  [
    "waits for promises",
    "export async function run() { await null; return await Promise.all([1, Promise.resolve(2)]); }",
    [1, 2],
  ],
  ["waits while it is loaded", "const two = await Promise.resolve(2); export function run() { return two; }", 2],
  ["returns null", "export const run = () => null;", null],
  ["keeps its text whole", 'export const run = () => "ä€😀";', "ä€😀"],
  [
    "changes what it was given",
    "JSON.parse = () => 1; Array.prototype.map = null; Promise.prototype.then = Promise.prototype.then; export const run = () => 5;",
    5,
  ],
])("an agent that %s gives its output", async (_, source, output) => {
  expect(await runSource(source)).toMatchObject({ status: "ok", output });
});

test.each([
  ["is no JavaScript", "export function run( {", "crashed", /SyntaxError/],
  ["does not export run", "export const walk = 1;", "crashed", /must export a function named run/],
  ["imports", 'import fs from "node:fs"; export const run = () => 1;', "crashed", /module/],
  ["imports later", 'export const run = () => import("node:fs");', "crashed", /module|import/i],
  [
    "throws while it is loaded",
    'throw new RangeError("too early"); export const run = () => 1;',
    "crashed",
    /RangeError: too early/,
  ],
  [
    "gives half a character",
    'export const run = () => ({ text: "\\ud800" });',
    "bad_output",
    /\/text has .* half a surrogate/,
  ],
  ["gives a NUL", 'export const run = () => ["\\u0000"];', "bad_output", /\/0 has a NUL/],
  ["throws what is no error", 'export const run = () => { throw "a text"; };', "crashed", /threw "a text"/],
  ["throws nothing", "export const run = () => { throw null; };", "crashed", /threw null/],
  ["rejects", 'export const run = async () => { throw new Error("later"); };', "crashed", /later/],
  ["waits for ever", "export const run = () => new Promise(() => {});", "crashed", /nothing can settle/],
  [
    "loops in promises",
    "export const run = () => { const again = () => { Promise.resolve().then(again); }; again(); return new Promise(() => {}); };",
    "timeout",
    /3000 ms/,
  ],
  ["returns what has no JSON", "export const run = () => 1n;", "bad_output", /JSON/],
  ["returns itself", "export const run = () => { const a = {}; a.a = a; return a; };", "bad_output", /JSON/],
  [
    "returns a nest without end",
    "export const run = () => { let a = 1; for (let i = 0; i < 1000; i++) a = [a]; return a; };",
    "bad_output",
    /deep/,
  ],
  [
    "writes one endless text",
    'export const run = () => { let a = "x"; for (;;) a += a; };',
    "memory_limit|crashed",
    /MB|too long/,
  ],
  ["throws an endless text", 'export const run = () => { throw new Error("x".repeat(3e6)); };', "crashed", /x{100}/],
  [
    "catches its lack of memory",
    "export const run = () => { for (;;) try { const a = []; for (;;) a.push(new Array(1e4).fill(1)); } catch {} };",
    "timeout",
    /3000 ms/,
  ],
  ["backtracks", 'export const run = () => /(a+)+$/.test("a".repeat(40) + "b");', "timeout", /3000 ms/],
  ["nests JSON", 'export const run = () => JSON.parse("[".repeat(1e6));', "crashed|memory_limit", /./],
  ["looks for the host", "export const run = () => process.exit(0);", "crashed", /process/],
  [
    "looks for the host by a constructor",
    'export const run = (_, ctx) => ctx.log.constructor("return process")().pid;',
    "crashed",
    /process/,
  ],
])("an agent that %s fails, and is told why", async (_, source, reason, message) => {
  const outcome = await runSource(source);
  expect(outcome).toMatchObject({
    status: "failed",
    reason: expect.stringMatching(new RegExp(`^(?:${reason})$`)),
    message: expect.stringMatching(message),
  });
  if (outcome.status === "failed") expect(outcome.message.length).toBeLessThanOrEqual(1_000);
});

test("an agent that takes more CPU time than its manifest allows fails, though it is in time", async () => {
  const busy = "export const run = () => { for (const end = Date.now() + 200; Date.now() < end;); return 1; };";
  const limits = { memoryMb: 16, timeMs: 30_000, outputBytes: 100, logBytes: 100 };
  expect(await runSource(busy, {}, { input: true, limits: { ...limits, cpuMs: 1 } })).toMatchObject({
    status: "failed",
    reason: "timeout",
    message: expect.stringMatching(/ms of CPU time, at most 1 are allowed/),
  });
  expect(await runSource(busy, {}, { input: true, limits: { ...limits, cpuMs: 30_000 } })).toMatchObject({
    status: "ok",
  });
});
