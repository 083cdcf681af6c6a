// What the sandbox adds to an agent: each figure beside the least it could take, measured in the same run.
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs, promisify } from "node:util";
import { readManifest } from "@stoa/agent-kit";
import { agentVersionId, type BundledArtifact, hashBytes, type Json, type Manifest } from "@stoa/protocol";
import { createBroker, createRunner, detectContainment, type Runner } from "@stoa/sandbox";
import pLimit from "p-limit";
import { printReport } from "../report.ts";
import { openRawQuickJs, rawWasm } from "./raw.ts";

const { values } = parseArgs({
  options: {
    json: { type: "boolean" },
    runs: { type: "string", default: "2000" },
    starts: { type: "string", default: "12" },
  },
});
const [runs, starts] = [Number(values.runs), Number(values.starts)];
const WARM_UP = 200;
const TURN = 50;
const IN_FLIGHT = 500;
const PLACES = 8;
const launch = promisify(execFile);

const script = Buffer.from("export const run = ({ n }) => ({ value: 2 * n });");
const scripted: Manifest = {
  stoa: 1,
  name: "doubles",
  version: "1.0.0",
  description: "Doubles a number.",
  capabilities: ["bench.double"],
  input: true,
  output: true,
  artifact: { kind: "js", hash: hashBytes(script), bytes: script.length },
  limits: { memoryMb: 16, timeMs: 10_000, outputBytes: 1_000, logBytes: 1_000 },
  grants: {},
  royalty: "0",
  licence: "Apache-2.0",
};
const containment = await detectContainment();

function open(manifest: Manifest, artifact: Uint8Array, more: Partial<Parameters<typeof createRunner>[0]> = {}) {
  const broker = createBroker({ versionId: agentVersionId(manifest), grants: {} });
  return createRunner({ manifest, artifact, broker, containment, ...more });
}

async function run(runner: Runner, input: Json): Promise<void> {
  const outcome = await runner.run({ executionId: "bench", input });
  if (outcome.status === "failed") throw new Error(`${outcome.reason}: ${outcome.message}`);
}

function at(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
}

/**
 * Two pieces of work turn by turn, so that what else the machine does meets both: milliseconds of each, in order. A turn
 * is long enough that what one leaves to the collector of garbage does not fall on the other.
 */
async function timePair(
  count: number,
  warmUp: number,
  works: readonly [() => unknown, () => unknown],
): Promise<[number[], number[]]> {
  const times: [number[], number[]] = [[], []];
  const inTurn = Math.min(TURN, count);
  for (let done = -warmUp; done < count; done += inTurn)
    for (const [which, work] of works.entries())
      for (let n = 0; n < inTurn; n += 1) {
        const startedAt = performance.now();
        await work();
        if (done + n >= 0) times[which]!.push(performance.now() - startedAt);
      }
  return [times[0].sort((a, b) => a - b), times[1].sort((a, b) => a - b)];
}

const figures: Record<string, number> = {};
const ratios: Record<string, number> = {};
const rows: (string | number)[][] = [];
function tell(name: string, key: string, ours: readonly number[], raw: readonly number[], must: string): void {
  const [median, least] = [at(ours, 0.5), at(raw, 0.5)];
  rows.push([name, median, at(ours, 0.99), least, median - least, median / least, must]);
  figures[`${key}Ms`] = median;
  figures[`${key}RawMs`] = least;
  ratios[`${key}OverRaw`] = median / least;
}

const ROOT = join(import.meta.dirname, "../..");
await launch(process.execPath, ["examples/agents/build.ts"], { cwd: ROOT });
const built = join(ROOT, "examples/agents/detect-language/build");
const detect = {
  manifest: await readManifest(join(built, "manifest.json")),
  artifact: await readFile(join(built, "agent.wasm")),
};
const text = (await readFile(join(ROOT, "README.md"), "utf8")).slice(0, 2_000);
{
  await using runner = await open(detect.manifest, detect.artifact);
  const module = new WebAssembly.Module(Uint8Array.from(detect.artifact));
  const input = Buffer.from(JSON.stringify({ text }));
  const [ours, raw] = await timePair(runs, WARM_UP, [() => run(runner, { text }), () => rawWasm(module, input)]);
  tell("WASM, warm: detect-language of 2,000 characters", "warmWasm", ours, raw, "raw + 0.2 ms");
}
{
  await using runner = await open(scripted, script);
  const evaluate = await openRawQuickJs();
  const code = "JSON.stringify((({ n }) => ({ value: 2 * n }))({ n: 21 }))";
  const [ours, raw] = await timePair(runs, WARM_UP, [() => run(runner, { n: 21 }), () => evaluate(code)]);
  tell("JavaScript, warm: doubles a number", "warmJs", ours, raw, "1 ms");
  figures["warmJsPerSecond"] = 1_000 / at(ours, 0.5);
}
{
  const metered = (manifest: Manifest): Manifest => ({ ...manifest, limits: { ...manifest.limits, fuel: 10 ** 12 } });
  await using wasm = await open(detect.manifest, detect.artifact);
  await using wasmMetered = await open(metered(detect.manifest), detect.artifact);
  const [ours, raw] = await timePair(runs, WARM_UP, [() => run(wasmMetered, { text }), () => run(wasm, { text })]);
  tell("WASM, deterministic", "meteredWasm", ours, raw, "");
  await using js = await open(scripted, script);
  await using jsMetered = await open(metered(scripted), script);
  const [oursJs, rawJs] = await timePair(runs, WARM_UP, [() => run(jsMetered, { n: 21 }), () => run(js, { n: 21 })]);
  tell("JavaScript, deterministic", "meteredJs", oursJs, rawJs, "");
}
const kinds: [BundledArtifact["kind"], Manifest, Uint8Array, Json][] = [
  ["wasm", detect.manifest, detect.artifact, { text }],
  ["js", scripted, script, { n: 21 }],
];
for (const [kind, manifest, artifact, input] of kinds) {
  const cold = async () => {
    await using runner = await open(manifest, artifact);
    await run(runner, input);
  };
  const node = () => launch(process.execPath, ["-e", "0"]);
  const [ours, raw] = await timePair(starts, 2, [cold, node]);
  tell(`${kind}, cold: a runner and its first execution`, `cold${kind === "js" ? "Js" : "Wasm"}`, ours, raw, "150 ms");
}
{
  await using runner = await open(scripted, script, { places: pLimit(PLACES), keepWarm: PLACES });
  await run(runner, { n: 1 });
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: IN_FLIGHT }, (_, n) => run(runner, { n })));
  const ms = performance.now() - startedAt;
  figures["inFlightPerSecond"] = (IN_FLIGHT / ms) * 1_000;
  rows.push([`JavaScript, ${IN_FLIGHT} in flight on ${PLACES} processes`, ms, "", "", "", "", "none lost"]);
}

printReport({
  name: "sandbox",
  title: "What the sandbox adds to an agent (ms)",
  columns: ["execution", "median", "p99", "raw", "added", "ratio", "must"],
  rows,
  figures,
  ratios,
  notes: [
    `Held in by ${containment.namespaces.kind}${containment.filtersCalls ? " with a filter of system calls" : ""}, turn by turn with what it is compared to.`,
    "Raw: the same module instantiated and called, QuickJS instantiated and given the code, `node -e 0`; of deterministic agents the same not metered.",
  ],
});
