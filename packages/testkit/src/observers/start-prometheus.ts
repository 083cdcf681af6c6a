import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { freePort } from "@stoa/host";
import { findProgram, installPackages } from "../debian/index.ts";

const START_DEADLINE_MS = 60_000;

/** A real Prometheus of a test's own. */
export interface Prometheus extends AsyncDisposable {
  readonly url: string;
  /** What a query in its language gives now. @throws {Error} with Prometheus' own words when it is none */
  query(expression: string): Promise<{ metric: Record<string, string>; value: [number, string] }[]>;
  /** The rules it evaluates. */
  rules(): Promise<{ name: string; health: string; state: string; lastError?: string }[]>;
}

/** Why this machine can have no Prometheus and no promtool; Debian's package is installed when it is missing. */
export function findPrometheus(): { missing: string } | { prometheus: string; promtool: string } {
  const missing = installPackages({ prometheus: "prometheus", promtool: "prometheus" });
  if (missing !== undefined) return { missing };
  return { prometheus: findProgram("prometheus")!, promtool: findProgram("promtool")! };
}

/**
 * Starts a Prometheus on a configuration of ours that reads other targets, every second, in a folder that goes with it.
 * @param configuration folder of prometheus.yml and what it names
 * @param targets what it reads instead, such as 127.0.0.1:8080
 */
export async function startPrometheus(
  program: string,
  configuration: string,
  targets: readonly string[],
): Promise<Prometheus> {
  const folder = await mkdtemp(join(tmpdir(), "stoa-prometheus-"));
  await cp(configuration, folder, { recursive: true });
  const file = join(folder, "prometheus.yml");
  const text = await readFile(file, "utf8");
  const changed = text
    .replace(/targets: \[.*\]/, `targets: ${JSON.stringify(targets)}`)
    .replaceAll(/_interval: \d+s/g, "_interval: 1s");
  await writeFile(file, changed);
  const url = `http://127.0.0.1:${await freePort()}`;
  const tie = findProgram("setpriv");
  const args = [
    `--config.file=${file}`,
    `--storage.tsdb.path=${join(folder, "data")}`,
    `--web.listen-address=${new URL(url).host}`,
  ];
  const [command, before] = tie ? [tie, ["--pdeathsig", "KILL", program]] : [program, []];
  const child = spawn(command, [...before, ...args], { stdio: ["ignore", "ignore", "pipe"] });
  let log = "";
  child.stderr.setEncoding("utf8").on("data", (said: string) => (log = (log + said).slice(-20_000)));
  const exited = once(child, "exit");
  const isReady = () =>
    fetch(`${url}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  for (const deadline = performance.now() + START_DEADLINE_MS; !(await isReady());) {
    if (child.exitCode !== null || performance.now() > deadline) throw new Error(`Prometheus did not start:\n${log}`);
    await delay(100);
  }

  async function ask<Data>(path: string): Promise<Data> {
    const answer = (await (await fetch(`${url}/api/v1/${path}`)).json()) as { data: Data; error?: string };
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer.data;
  }
  return {
    url,
    async query(expression) {
      type Vector = { result: { metric: Record<string, string>; value: [number, string] }[] };
      return (await ask<Vector>(`query?query=${encodeURIComponent(expression)}`)).result;
    },
    async rules() {
      type Groups = { groups: { rules: { name: string; health: string; state: string; lastError?: string }[] }[] };
      return (await ask<Groups>("rules")).groups.flatMap(({ rules }) => rules);
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
      await exited;
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
