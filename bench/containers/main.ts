// What running an agent as a container adds to a bare `docker run` of the same image, one by one and eight at once.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs, promisify } from "node:util";
import { agentVersionId, hashBytes, type Manifest } from "@stoa/protocol";
import { createBroker, createContainerRunner, openEngine } from "@stoa/sandbox";
import { busyboxImage, startContainerEngine } from "@stoa/testkit/container-engine";
import { installPackages } from "@stoa/testkit/debian";
import { printReport } from "../report.ts";

const MUST = 1.3;
const AT_ONCE = 8;
const { values } = parseArgs({ options: { json: { type: "boolean" }, rounds: { type: "string", default: "12" } } });
const rounds = Number(values.rounds);

const missing = installPackages({ docker: "docker.io" });
const engineOrNone = await startContainerEngine();
if (missing !== undefined || "missing" in engineOrNone) {
  console.error(`there are no containers here: ${missing ?? ("missing" in engineOrNone ? engineOrNone.missing : "")}`);
  process.exit(1);
}
await using own = engineOrNone;
const engine = await openEngine(own.socketPath);

const artifact = await busyboxImage(`read -r input\necho '{"output":{"value":1}}'\n`);
const manifest: Manifest = {
  stoa: 1,
  name: "answers",
  version: "1.0.0",
  description: "Gives one.",
  capabilities: ["bench.answer"],
  input: true,
  output: true,
  artifact: { kind: "container", hash: hashBytes(artifact), bytes: artifact.length },
  limits: { memoryMb: 64, timeMs: 60_000, outputBytes: 1_000, logBytes: 1_000 },
  grants: {},
  royalty: "0",
  licence: "Apache-2.0",
};
const broker = createBroker({ versionId: agentVersionId(manifest), grants: {} });
await using runner = await createContainerRunner({ manifest, artifact, broker, engine, nodeId: "bench" });
await runner.warm();

const docker = (...args: string[]) => promisify(execFile)("docker", ["-H", `unix://${own.socketPath}`, ...args]);
const folder = await mkdtemp(join(tmpdir(), "stoa-bench-"));
await writeFile(join(folder, "image.tar"), artifact);
const { stdout } = await docker("load", "--quiet", "--input", join(folder, "image.tar"));
await rm(folder, { recursive: true });
const image = stdout.trim().split(" ").at(-1)!;

async function runPlainly(): Promise<void> {
  const args = ["-H", `unix://${own.socketPath}`, "run", "--rm", "-i", "--network", "none", "--user", "10001", image];
  const child = spawn("docker", args, { stdio: ["pipe", "ignore", "inherit"] });
  child.stdin.end("{}\n");
  const [code] = (await once(child, "close")) as [number];
  if (code !== 0) throw new Error(`docker run ended with code ${code}`);
}
async function runAgent(): Promise<void> {
  const outcome = await runner.run({ executionId: "bench", input: {} });
  if (outcome.status === "failed") throw new Error(`${outcome.reason}: ${outcome.message}`);
}
async function msOf(work: () => Promise<void>, atOnce: number): Promise<number> {
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: atOnce }, work));
  return performance.now() - startedAt;
}
const median = (times: number[]) => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)]!;

const rows: (string | number)[][] = [];
const figures: Record<string, number> = {};
const ratios: Record<string, number> = {};
for (const [name, key, atOnce] of [
  ["one by one", "oneByOne", 1],
  ["eight at once", "eightAtOnce", AT_ONCE],
] as const) {
  const times: { agent: number[]; plain: number[] } = { agent: [], plain: [] };
  for (let round = -1; round < rounds; round += 1) {
    const [agent, plain] = [await msOf(runAgent, atOnce), await msOf(runPlainly, atOnce)];
    if (round < 0) continue;
    times.agent.push(agent);
    times.plain.push(plain);
  }
  const [agent, plain] = [median(times.agent), median(times.plain)];
  rows.push([name, agent, plain, agent / plain, MUST]);
  figures[`${key}Ms`] = agent;
  figures[`${key}PlainMs`] = plain;
  ratios[`${key}OverPlain`] = agent / plain;
}
await docker("rmi", "--force", image);

printReport({
  name: "containers",
  title: "Containers: an execution beside `docker run --rm -i --network none` of the same image (median, ms)",
  columns: ["", "execution", "docker run", "ratio", "at most"],
  rows,
  figures,
  ratios,
  notes: [
    `Engine ${engine.version}; turn by turn, ${rounds} rounds each; the execution is held to its limits besides.`,
  ],
});
