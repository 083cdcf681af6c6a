import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { dryRun, openProject, readRecordings } from "@stoa/agent-kit/project";
import { openAgent } from "@stoa/agent-kit/testing";
import { expect, it } from "vitest";

const MANIFEST = {
  stoa: 1,
  name: "double",
  version: "1.0.0",
  description: "Doubles a number.",
  capabilities: ["number.double"],
  input: { type: "object", properties: { number: { type: "integer" }, do: {} }, required: ["number"] },
  output: { type: "object", properties: { double: { type: "integer" } }, required: ["double"] },
  artifact: { kind: "js" },
  limits: { memoryMb: 32, timeMs: 10_000, outputBytes: 1_000, logBytes: 1_000 },
  grants: { keyValue: true },
  royalty: "500",
  licence: "Apache-2.0",
};
const CODE = `export async function run({ number, ...asked }, ctx) {
  ctx.log("doubling", number);
  if (asked.do === "throw") throw new Error("no mood for " + number);
  if (asked.do === "text") return { double: "much" };
  const runs = ((await ctx.call("kv.get", { key: "runs" })) ?? 0) + 1;
  await ctx.call("kv.set", { key: "runs", value: runs });
  return { double: number * 2, runs };
}
`;
const COST = { base: 1_000n, perKib: 10n, perSecond: 0n };

async function setup(files: Record<string, unknown> = {}) {
  const folder = await mkdtemp(join(tmpdir(), "stoa-dry-"));
  for (const [name, content] of Object.entries({ "manifest.json": MANIFEST, "agent.js": CODE, ...files })) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), typeof content === "string" ? content : JSON.stringify(content));
  }
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}

it("recorded inputs are run in order, compared with what is expected, measured and priced", async () => {
  await using agent = await setup({
    "inputs/a.json": { number: 4 },
    "inputs/a.expected.json": { runs: 1, double: 8 },
    "inputs/b.json": { number: 5 },
    "inputs/b.expected.json": { double: 11 },
    "inputs/c.json": { number: 6 },
  });
  const logged: string[] = [];
  const runs = await dryRun(await openProject(agent.folder), await readRecordings(agent.folder), {
    cost: COST,
    onLog: (name, lines) => logged.push(...lines.map((line) => `${name} ${line}`)),
  });
  expect(runs.map(({ name, passed, isExpected }) => [name, passed, isExpected])).toEqual([
    ["a", true, true],
    ["b", false, true],
    ["c", true, false],
  ]);
  expect(runs[1]?.problems).toEqual(["/double: expected 11, got 10", "/runs: expected nothing, got 2"]);
  expect(runs[2]).toMatchObject({ output: { double: 12, runs: 3 }, inputBytes: 12, outputBytes: 22, price: 1_510n });
  expect(runs[2]?.stats.peakMemoryMb).toBeGreaterThan(0);
  expect(logged).toEqual(["a doubling 4", "b doubling 5", "c doubling 6"]);
});

it.each([
  [{ number: "four" }, "bad_input", "input /number must be integer"],
  [{}, "bad_input", "input must have required property 'number'"],
  [{ number: 1, do: "text" }, "bad_output", "the output does not fit the manifest's schema: /double must be integer"],
  [{ number: 1, do: "throw" }, "crashed", "no mood for 1"],
])("what is wrong with %j is said exactly, and asks no price", async (input, reason, problem) => {
  await using agent = await setup();
  const [run] = await dryRun(await openProject(agent.folder), [{ name: "it", input }], { cost: COST });
  expect(run).toMatchObject({ passed: false, reason, output: null, price: null });
  expect(run?.problems[0]).toContain(problem);
});

it("a deterministic agent runs twice, and tells the fuel that both took", async () => {
  const limits = { ...MANIFEST.limits, fuel: 50_000_000 };
  await using agent = await setup({
    "manifest.json": { ...MANIFEST, limits, grants: {} },
    "agent.js":
      "export const run = ({ number }, ctx) => { ctx.log('once'); return { double: 2 * number, at: Date.now() }; };",
  });
  const logged: string[] = [];
  const [run] = await dryRun(await openProject(agent.folder), [{ name: "it", input: { number: 4 } }], {
    cost: COST,
    onLog: (_, lines) => logged.push(...lines),
  });
  expect(run).toMatchObject({ passed: true, problems: [], output: { double: 8, at: 0 } });
  expect(run?.stats.fuel).toBeGreaterThan(1_000);
  expect(logged).toEqual(["once"]);
});

it("an expected output without its input is a mistake, not an input", async () => {
  await using agent = await setup({ "inputs/a.expected.json": {} });
  await expect(readRecordings(agent.folder)).rejects.toMatchObject({ code: "invalid_request" });
});

it("a project is built when its sources are newer than what was built, and only then", async () => {
  const build = `import { appendFileSync, mkdirSync, writeFileSync, copyFileSync } from "node:fs";
mkdirSync("build", { recursive: true });
copyFileSync("agent.js", "build/agent.js");
copyFileSync("manifest.json", "build/manifest.json");
`;
  await using agent = await setup({ "build.js": build });
  expect((await openProject(agent.folder)).isBuiltNow).toBe(true);
  expect((await openProject(agent.folder)).isBuiltNow).toBe(false);
  await writeFile(join(agent.folder, "agent.js"), CODE.replace("* 2", "* 3"));
  await using opened = await openAgent(agent.folder);
  expect(await opened.outputOf({ number: 2 })).toMatchObject({ double: 6 });
});

it("a build that fails is told with what it said", async () => {
  await using agent = await setup({ "build.js": `console.error("no compiler here"); process.exit(3);` });
  await expect(openProject(agent.folder)).rejects.toMatchObject({
    code: "build_failed",
    message: expect.stringMatching(/code 3:\nno compiler here/),
  });
});

it("an agent reaches no host that was not allowed on the command, whatever its manifest names", async () => {
  await using agent = await setup({
    "manifest.json": { ...MANIFEST, grants: { http: ["example.org"] }, output: true },
    "agent.js": `export const run = (_, ctx) => ctx.call("http.fetch", { url: "https://example.org/" }).catch((error) => error.message);`,
  });
  await using opened = await openAgent(agent.folder);
  expect(await opened.outputOf({ number: 1 })).toMatch(/example\.org/);
});
