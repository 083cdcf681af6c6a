import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type BootedMarket, bootMarket, PATIENCE_MS } from "./boot-market.ts";
import { ROOT, runStoa } from "./run-stoa.ts";

/** What the template's README promises. */
const FIVE_MINUTES_MS = 300_000;

let booted: BootedMarket;
let home: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "stoa-home-"));
  booted = await bootMarket({ challengeWindowSeconds: 2 });
}, 3 * PATIENCE_MS);

afterAll(async () => {
  await booted?.[Symbol.asyncDispose]();
  await rm(home, { recursive: true, force: true });
});

/** The commands of a page's first shell block under a heading. */
async function commandsOf(path: string, heading: string): Promise<string[]> {
  const [, section = ""] = (await readFile(path, "utf8")).split(`\n## ${heading}\n`);
  const [, block = ""] = /```sh\n([^]*?)```/.exec(section) ?? [];
  return block
    .split("\n")
    .map((line) => line.replace(/\s+#.*$/, ""))
    .filter((line) => line !== "");
}

/** Runs a line as it stands in a page, in a shell of somebody whose home is elsewhere. */
async function shell(line: string, cwd: string): Promise<string> {
  const child = spawn("sh", ["-c", line], {
    cwd,
    env: { ...process.env, HOME: home, STOA_DATA: booted.dataFolder, NO_COLOR: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const [code] = (await once(child, "close")) as [number | null];
  expect(code, `${line}\n${stdout}${stderr}`).toBe(0);
  return stdout;
}

it(
  "by its README an agent gets from nothing to a task it is paid for, in under five minutes",
  async () => {
    const startedAt = performance.now();
    const init = await commandsOf(join(ROOT, "docs/agents.md"), "From nothing to a paid task");
    expect(init).toEqual([expect.stringContaining("npx stoa agent init word-count ")]);
    await shell(init[0]!, ROOT);
    const project = join(home, "word-count");
    const commands = await commandsOf(join(project, "README.md"), "From here to a paid task");
    expect(commands.map((line) => line.split(" ").slice(0, 4).join(" "))).toEqual([
      "npm install",
      "npx stoa agent test",
      "npm test",
      "npx stoa agent publish",
      "npx stoa task submit",
    ]);
    const told: string[] = [];
    for (const line of commands) told.push(await shell(line, project));
    const seconds = (performance.now() - startedAt) / 1_000;
    console.log(`from nothing to a paid task: ${seconds.toFixed(1)} s`);
    expect(seconds * 1_000).toBeLessThan(FIVE_MINUTES_MS);

    const output = JSON.parse(told.at(-1)!) as unknown;
    expect(output).toEqual(JSON.parse(await readFile(join(project, "inputs/short.expected.json"), "utf8")));
    const { items: agents } = await booted.market.client.agents.list({ name: "word-count" });
    expect(agents).toMatchObject([{ state: "active", nodes: 2 }]);
    const { items: tasks } = await booted.market.client.tasks.list({ capability: "text.wordcount" });
    const task = await booted.market.client.tasks.get(tasks[0]!.id);
    expect(task).toMatchObject({
      award: { agentVersion: agents[0]!.versionId },
      outcome: { kind: "settled", royalty: "500" },
      settlement: { state: "confirmed" },
    });
  },
  FIVE_MINUTES_MS + PATIENCE_MS,
);

it("what was published is shown as an A2A card and as an ERC-8004 registration file", async () => {
  const show = async (...args: string[]) => {
    const { code, stdout, stderr } = await runStoa(booted, ["agent", "show", "word-count", ...args]);
    expect(code, stderr).toBe(0);
    return JSON.parse(stdout) as unknown;
  };
  expect(await show("--card")).toMatchObject({
    name: "word-count",
    supportedInterfaces: [{ url: `${booted.market.url}/api/v1` }],
    skills: [{ id: "text.wordcount" }],
  });
  const { chainId } = await booted.market.client.market.info();
  const registry = `0x${"12".repeat(20)}`;
  expect(await show("--registration", "--agent-id", "3", "--registry", registry)).toMatchObject({
    active: true,
    registrations: [{ agentId: 3, agentRegistry: `eip155:${chainId}:${registry}` }],
  });
});

it("an agent that fails its recorded inputs is not published", async () => {
  const project = join(home, "word-count");
  await shell(`echo '{ "words": 1, "characters": 1 }' > inputs/short.expected.json`, project);
  await shell("sed -i.old 's/version: 1.0.0/version: 1.1.0/' manifest.yaml", project);
  const refused = await runStoa(booted, ["agent", "publish", project, "--json"]);
  expect(refused.code, refused.stderr).toBe(1);
  expect(JSON.parse(refused.stderr)).toMatchObject({ error: { code: "execution_failed" } });
  expect((await booted.market.client.agents.list({ name: "word-count" })).items).toHaveLength(1);
  const published = await runStoa(booted, ["agent", "publish", project, "--no-test", "--json"]);
  expect(published.code, published.stderr).toBe(0);
  expect(JSON.parse(published.stdout)).toMatchObject({ created: true, version: "1.1.0", runs: [] });
});
