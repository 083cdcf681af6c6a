// A node under attack for a thousand rounds, serving a good agent meanwhile; `-- --rounds N --at-once N` for others.
//
// A round is one attack of every family, the next in turn. Before every twenty rounds there is quiet for a while. In
// the end it prints what the attacks added to the good agent's latency over that of the quiet between them, and what
// they left behind: processes, descriptors and files are counted, and memory is compared after a tenth of the rounds
// and after all of them. An interrupt ends it after the round under way, with all of that.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createHistogram, type RecordableHistogram } from "node:perf_hooks";
import { parseArgs } from "node:util";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { openEngine } from "@stoa/sandbox";
import { startContainerEngine } from "@stoa/testkit/container-engine";
import { openArena } from "../../packages/sandbox/tests/hostile/arena.ts";
import { isNoMoreThan, takeCensus } from "../../packages/sandbox/tests/hostile/census.ts";
import { families } from "../../packages/sandbox/tests/hostile/families.ts";
import { startGoodAgent } from "../../packages/sandbox/tests/hostile/good-agent.ts";
import { attacksOfRound, runAttacks } from "../../packages/sandbox/tests/hostile/run-attacks.ts";
import { eventually } from "../../packages/sandbox/tests/process-tree.ts";

const QUIET_SECONDS = 5;
const STRETCH = 20;
const SETTLE_MS = 60_000;
const MUST_ADD_MS = 50;
const MUST_GROW = 0.02;
/** Before every attack was made once or twice, memory still fills with what is kept for good. */
const SETTLED_ROUNDS = 100;

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "1000" },
    "at-once": { type: "string", default: "2" },
    quiet: { type: "string", default: String(QUIET_SECONDS) },
  },
});
const rounds = Number(values.rounds);
const atOnce = Number(values["at-once"]);
setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

function memoryMb(): { heap: number; resident: number } {
  for (let turn = 0; turn < 4; turn += 1) collectGarbage();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heap: (heapUsed + external) / 2 ** 20, resident: rss / 2 ** 20 };
}

// Histograms hold as much memory in the end as at the start.
function keep(latencies: number[], histogram: RecordableHistogram): void {
  for (const ms of latencies.splice(0)) histogram.record(Math.max(1, Math.round(1_000 * ms)));
}
const quantile = (histogram: RecordableHistogram, percent: number) => histogram.percentile(percent) / 1_000;
const describe = (histogram: RecordableHistogram) =>
  `p50 ${quantile(histogram, 50).toFixed(2)} ms, p99 ${quantile(histogram, 99).toFixed(2)} ms of ${histogram.count}`;

// Its files are not those that attacks leave.
const started = await startContainerEngine();
if ("missing" in started) console.log(`without containers: ${started.missing}`);
const engine = "missing" in started ? undefined : await openEngine(started.socketPath);
const temporary = await mkdtemp(join(tmpdir(), "stoa-soak-"));
process.env["TMPDIR"] = temporary;
const problems: string[] = [];
let interrupted = false;
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => {
    interrupted = true;
  });
try {
  await using arena = await openArena({ searchPath: process.env["PATH"] ?? "" }, engine);
  await using good = await startGoodAgent(arena.containment);
  const count = families.reduce((sum, { attacks }) => sum + attacks.length, 0);
  console.log(`${rounds} rounds of ${families.length} attacks out of ${count}, ${atOnce} at once`);

  const quiet = createHistogram();
  const warmUp = Math.max(1, Math.floor(rounds / 10));
  const attacked = createHistogram();
  let before = { census: takeCensus(temporary), memory: memoryMb() };
  let made = 0;
  let done = 0;
  const startedAt = performance.now();
  for (let round = 0; round < rounds && problems.length === 0 && !interrupted; round += 1) {
    if (round % STRETCH === 0) {
      good.latencies.splice(0);
      await new Promise((resolve) => setTimeout(resolve, Number(values.quiet) * 1_000));
      keep(good.latencies, quiet);
    }
    const attacks = attacksOfRound(families, round, arena);
    const { faults, shown } = await runAttacks(attacks, arena, atOnce);
    made += attacks.length;
    done += 1;
    // What is looked at now would hold the good agent up, and no node looks at it.
    await good.rest();
    keep(good.latencies, attacked);
    problems.push(
      ...faults.map(({ attack, why }) => `${attack}: ${why}`),
      ...(await arena.harm(shown)),
      ...good.faults,
    );
    if (round + 1 === warmUp) before = { census: takeCensus(temporary), memory: memoryMb() };
    if ((round + 1) % STRETCH === 0) {
      const seconds = ((performance.now() - startedAt) / 1_000).toFixed(0);
      const { heap, resident } = memoryMb();
      console.log(
        `${round + 1} rounds, ${made} attacks, ${seconds} s: quiet ${describe(quiet)}; attacked ${describe(attacked)}; heap ${heap.toFixed(1)} MB, resident ${resident.toFixed(0)} MB`,
      );
    }
    good.goOn();
  }
  await good.rest();

  const isGone = () => isNoMoreThan(takeCensus(temporary), before.census);
  await eventually(isGone, SETTLE_MS, "all that attacks started is gone").catch((error: Error) =>
    problems.push(error.message),
  );
  const memory = memoryMb();
  const growth = (of: "heap" | "resident") => memory[of] / before.memory[of] - 1;
  const added = quantile(attacked, 99) - quantile(quiet, 99);
  console.log(`${done} rounds, ${made} attacks\nquiet: ${describe(quiet)}`);
  console.log(`under attack: ${describe(attacked)}; p99 added ${added.toFixed(2)} ms, at most ${MUST_ADD_MS} ms`);
  console.log(`before: ${JSON.stringify(before.census)}\nafter:  ${JSON.stringify(takeCensus(temporary))}`);
  for (const kind of ["heap", "resident"] as const)
    console.log(
      `${kind} memory ${before.memory[kind].toFixed(1)} → ${memory[kind].toFixed(1)} MB, ${(100 * growth(kind)).toFixed(2)} %, at most ${100 * MUST_GROW} %`,
    );
  if (added > MUST_ADD_MS) problems.push(`the attacks added ${added.toFixed(1)} ms at p99`);
  if (done >= SETTLED_ROUNDS && growth("heap") > MUST_GROW)
    problems.push(`the heap grew by ${(100 * growth("heap")).toFixed(2)} %`);
} finally {
  if (!("missing" in started)) await started[Symbol.asyncDispose]();
  await rm(temporary, { recursive: true });
}
for (const problem of problems) console.error(`✗ ${problem}`);
if (problems.length > 0) process.exit(1);
console.log("every attack contained, nothing left behind");
