import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { agentVersionId, type BundledArtifact, type Json, type Manifest } from "@stoa/protocol";
import { type Containment, createBroker, createRunner, detectContainment, type ExecutionOutcome } from "@stoa/sandbox";
import { installPackages } from "@stoa/testkit/debian";
import { describe, expect, test } from "vitest";
import { describeExecutions } from "./compliance.ts";
import { manifestFor, misbehavingAgent } from "./misbehaving-agent.ts";

const missing = installPackages({
  clang: "clang",
  "wasm-ld": "lld",
  "/usr/lib/wasm32-wasi/libc.a": "wasi-libc",
  "/usr/lib/llvm-14/lib/clang/14.0.6/lib/wasi": "libclang-rt-dev-wasm32",
});
const LIMITS = { memoryMb: 16, timeMs: 20_000, outputBytes: 20_000, logBytes: 4_000 };
/** More than any agent here gets through in its time. */
const PLENTY = 1_000_000_000_000;

function deterministic(kind: BundledArtifact["kind"], artifact: Uint8Array, fuel: number): Manifest {
  return manifestFor(kind, artifact, { input: true, output: true, limits: { ...LIMITS, fuel } });
}

/** Runs inputs one after the other in a runner of their own. */
async function runAll(
  kind: BundledArtifact["kind"],
  artifact: Uint8Array,
  inputs: Json[],
  { fuel = PLENTY, containment }: { fuel?: number; containment?: Containment } = {},
): Promise<ExecutionOutcome[]> {
  const manifest = deterministic(kind, artifact, fuel);
  const broker = createBroker({ versionId: agentVersionId(manifest), grants: {} });
  await using runner = await createRunner({ manifest, artifact, broker, ...(containment && { containment }) });
  const outcomes: ExecutionOutcome[] = [];
  for (const input of inputs) outcomes.push(await runner.run({ executionId: "test", input }));
  return outcomes;
}

/** All of an outcome that must be the same wherever the agent runs again. */
function repeatable(outcome: ExecutionOutcome): unknown {
  const { fuel } = outcome.stats;
  expect(fuel).toBeGreaterThan(0);
  return outcome.status === "ok"
    ? { output: outcome.output, fuel }
    : { reason: outcome.reason, message: outcome.message, fuel };
}

const curious = Buffer.from(`
  const started = Date.now();
  export function run(input) {
    const picked = Array.from({ length: 5 }, () => Math.random());
    const cache = new Map();
    for (let n = 0; n < 2_000; n += 1) cache.set(Math.floor(Math.random() * 1e6), { n });
    for (const at = Date.now(); Date.now() > at + 5; );
    return {
      picked, size: cache.size, started, now: Date.now(), elapsed: Date.now() - started,
      date: new Date().toString(), local: new Date(86_400_000).toLocaleString(), zone: new Date(0).getTimezoneOffset(),
      keys: Object.keys(input), sum: [0.1, 0.2, 0.3].reduce((a, b) => a + b), nan: String(0 / 0), sine: Math.sin(1e6),
      host: typeof performance === "undefined" ? 0 : performance.now(),
    };
  }`);

test("a script is told of no clock, and of random numbers that follow from its version and input", async () => {
  const [first, again, other] = await runAll("js", curious, [{ a: 1 }, { a: 1 }, { a: 2 }]);
  expect(repeatable(again!)).toEqual(repeatable(first!));
  const bare = await detectContainment({ without: ["bwrap", "unshare"] });
  const [elsewhere] = await runAll("js", curious, [{ a: 1 }], { containment: bare });
  expect(repeatable(elsewhere!)).toEqual(repeatable(first!));
  if (first!.status !== "ok" || other!.status !== "ok") throw new Error("it failed");
  const given = first!.output as Record<string, Json>;
  expect(given).toMatchObject({ started: 0, now: 0, elapsed: 0, host: 0, zone: 0, nan: "NaN" });
  expect(given["date"]).toMatch(/^Thu Jan 01 1970 00:00:00 GMT\+0000/);
  const picked = given["picked"] as number[];
  expect(new Set(picked).size).toBe(5);
  expect(picked.every((number) => number >= 0 && number < 1)).toBe(true);
  expect((other!.output as Record<string, Json>)["picked"]).not.toEqual(picked);
  const [changed] = await runAll("js", Buffer.from(`${curious.toString()}\n`), [{ a: 1 }]);
  expect(changed).toMatchObject({ status: "ok" });
  expect((changed as { output: Record<string, Json> }).output["picked"]).not.toEqual(picked);
});

test.each([
  ["loops", "for (;;);"],
  ["loops over what it catches", "for (;;) try { null.x; } catch {}"],
  ["backtracks in one regular expression", "return /^(a+)+$/.test('a'.repeat(40) + 'b');"],
  ["sorts, joins and searches much", "for (;;) Array.from({ length: 1e4 }, (_, i) => i).sort().join().indexOf('x');"],
])("a script that %s ends when its fuel does, at the same count every time", async (_, body) => {
  const source = Buffer.from(`export function run(input, ctx) { ${body} }`);
  const fuel = 30_000_000;
  const outcomes = await runAll("js", source, [null, null], { fuel });
  expect(outcomes[0]).toMatchObject({ status: "failed", reason: "fuel_limit", stats: { fuel } });
  expect(repeatable(outcomes[1]!)).toEqual(repeatable(outcomes[0]!));
});

test.each([
  ["calls", "const down = () => { depth += 1; down(); }; down();"],
  ["getters", "const held = { get down() { depth += 1; return held.down; } }; held.down;"],
  ["callbacks of a sort", "const down = () => { depth += 1; return [1, 2].sort(down); }; down();"],
  ["replacements", "const down = () => { depth += 1; return 'a'.replace(/a/, down); }; down();"],
  ["proxies", "const held = new Proxy({}, { get() { depth += 1; return held.x; } }); held.x;"],
  ["toJSON", "const held = { toJSON() { depth += 1; return JSON.stringify(held); } }; JSON.stringify(held);"],
  ["revivers", "const down = () => { depth += 1; JSON.parse('[1]', down); }; down();"],
  ["constructors", "class Down { constructor() { depth += 1; new Down(); } } new Down();"],
  ["generators", "const down = function* () { depth += 1; yield* down(); }; [...down()];"],
  ["texts of objects", "const held = { toString() { depth += 1; return `${held}`; } }; `${held}`;"],
])("a script that recurses by %s can catch that, at the same depth every time", async (_, body) => {
  const source = Buffer.from(`export function run() {
    let depth = 0;
    try { ${body} } catch (error) { return [error.name, depth]; }
  }`);
  const outcomes = await runAll("js", source, [null, null]);
  expect(outcomes[0]).toMatchObject({
    status: "ok",
    output: [expect.stringMatching(/^(Internal|Syntax)Error$/), expect.any(Number)],
  });
  expect(repeatable(outcomes[1]!)).toEqual(repeatable(outcomes[0]!));
});

test("what an agent used stands on its outcome only when it is deterministic", async () => {
  const source = Buffer.from("export const run = () => 1;");
  const manifest = manifestFor("js", source, { input: true, output: true });
  const broker = createBroker({ versionId: agentVersionId(manifest), grants: {} });
  await using runner = await createRunner({ manifest, artifact: source, broker });
  expect((await runner.run({ executionId: "test", input: null })).stats).not.toHaveProperty("fuel");
});

describe.each(["js", "wasm"] as const)("metered", (kind) => {
  describeExecutions(
    `deterministic ${kind}`,
    async () => {
      const agent = await misbehavingAgent(kind, { limits: { ...LIMITS, timeMs: 3_000, fuel: PLENTY } });
      const broker = createBroker({ versionId: agentVersionId(agent.manifest), grants: {} });
      return await createRunner({ ...agent, broker, keepWarm: 2 });
    },
    [
      ["allocates without end", { do: "allocate" }, "memory_limit", /16 MB/],
      ["calls itself without end", { do: "recurse" }, "crashed", /stack/],
    ],
  );
});

describe.skipIf(missing !== undefined)(`deterministic WASI${missing === undefined ? "" : ` (${missing})`}`, () => {
  test("a program's clocks stand still, its random bytes follow from its input, and it may not wait", async () => {
    const artifact = await compileC(`
      #include <stdio.h>
      #include <time.h>
      #include <unistd.h>
      #include <math.h>
      int main(void) {
        unsigned char bytes[4]; struct timespec wall, steady;
        if (getentropy(bytes, 4) != 0) return 1;
        clock_gettime(CLOCK_REALTIME, &wall); clock_gettime(CLOCK_MONOTONIC, &steady);
        struct timespec wait = { 3600, 0 };
        int waited = nanosleep(&wait, 0);
        printf("[%u,%u,%u,%u,%lld,%lld,%d,%.17g]", bytes[0], bytes[1], bytes[2], bytes[3],
          (long long) wall.tv_sec, (long long) steady.tv_nsec, waited, sin(wall.tv_sec + 0.5));
        return 0;
      }`);
    const [first, again, other] = await runAll("wasi", artifact, [1, 1, 2]);
    expect(first).toMatchObject({ status: "ok" });
    expect(repeatable(again!)).toEqual(repeatable(first!));
    const given = (outcome: ExecutionOutcome) => (outcome.status === "ok" ? (outcome.output as number[]) : []);
    expect(given(first!).slice(4, 7)).toEqual([0, 0, -1]);
    expect(given(other!).slice(0, 4)).not.toEqual(given(first!).slice(0, 4));
    const [starved] = await runAll("wasi", artifact, [1], { fuel: first!.stats.fuel! - 1 });
    expect(starved).toMatchObject({ status: "failed", reason: "fuel_limit" });
    const [fed] = await runAll("wasi", artifact, [1], { fuel: first!.stats.fuel! });
    expect(fed).toMatchObject({ status: "ok" });
  });
});

async function compileC(source: string): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), "stoa-compiled-"));
  try {
    await writeFile(join(folder, "agent.c"), source);
    const flags = ["--target=wasm32-wasi", "-O1", "-Wall", "-Werror", "-o", "agent.wasm", "agent.c", "-lm"];
    await promisify(execFile)("clang", flags, { cwd: folder });
    return await readFile(join(folder, "agent.wasm"));
  } finally {
    await rm(folder, { recursive: true });
  }
}
