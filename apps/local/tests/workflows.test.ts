import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { until, wallets } from "@stoa/local";
import type { Hash, Json, Workflow, WorkflowSpec, WorkflowStep } from "@stoa/protocol";
import type { StoaClient } from "@stoa/sdk";
import { afterAll, beforeAll, expect, it } from "vitest";
import {
  type BootedMarket,
  bootMarket,
  gatekeeper,
  openGates,
  PATIENCE_MS,
  picky,
  publishTestAgent,
} from "./boot-market.ts";
import { patientClient } from "./requester.ts";
import { problemsAfterKill, ROOT, runStoa } from "./run-stoa.ts";

const EXAMPLES = join(ROOT, "examples", "workflows");

let booted: BootedMarket;
let gates: Hash;
let requester: StoaClient;
const client = () => requester;

beforeAll(async () => {
  booted = await bootMarket({ challengeWindowSeconds: 2, serverEnv: { STOA_APPROVAL_SECONDS: "4" } });
  requester = patientClient(booted.market.url);
  await publishTestAgent(booted.market, picky);
  gates = await publishTestAgent(booted.market, gatekeeper);
});

afterAll(async () => {
  await booted?.[Symbol.asyncDispose]();
});

function step(capability: string, input: Json, own: Partial<WorkflowStep> = {}): WorkflowStep {
  return { capability, maxPrice: "50000", deadlineSeconds: 60, input, ...own };
}

async function submit(steps: Record<string, WorkflowStep>, budget = 150_000n, input: Json = {}): Promise<Hash> {
  const spec: WorkflowSpec = { name: "a test", policy: "all-or-nothing", steps };
  const { workflowId } = await client().workflows.submit({ spec, input, budget, signer: wallets.requester });
  return workflowId;
}

function reach(id: Hash, what: string, is: (workflow: Workflow) => boolean): Promise<Workflow> {
  return until(`${id} to be ${what}`, PATIENCE_MS, async () => {
    const workflow = await client().workflows.get(id);
    return is(workflow) ? workflow : null;
  });
}

const isOver = ({ endedAt }: Workflow) => endedAt !== null;
const stateOf = ({ steps }: Workflow, name: string) => steps.find((one) => one.name === name)?.state;

async function isPaid(workflow: Workflow): Promise<void> {
  for (const { taskId, state } of workflow.steps.flatMap(({ tasks }) => tasks)) {
    if (state !== "settled") continue;
    await until(`${taskId} to be paid`, PATIENCE_MS, async () => {
      return (await client().tasks.get(taskId)).settlement?.state === "confirmed";
    });
  }
}

it(
  "runs three real agents one after another, each on the output of the one before, to their payment on chain",
  async () => {
    const text = await readFile(join(ROOT, "examples/agents/detect-language/corpus/udhr/fr.txt"), "utf8");
    const before = BigInt((await client().account.get()).balances.available);
    const id = await submit(
      {
        language: step("text.language", { text: { $from: "$input/text" } }),
        summary: step("text.summarize", {
          text: { $from: "$input/text" },
          language: { $from: "language/language" },
          maxSentences: 2,
        }),
        check: step("text.language", { text: { $from: "summary/summary" } }),
      },
      150_000n,
      { text },
    );
    const workflow = await reach(id, "over", isOver);
    expect(workflow).toMatchObject({ state: "completed", held: "0" });
    expect((await client().workflows.result(id)).output).toMatchObject({ check: { language: "fr" } });
    const [, summary] = workflow.steps;
    const input = await client().tasks.input(summary!.tasks[0]!.taskId);
    expect(input.input).toMatchObject({ language: "fr" });
    await isPaid(workflow);
    expect(BigInt((await client().account.get()).balances.available)).toBe(before - BigInt(workflow.charged));
    expect(BigInt(workflow.charged) + BigInt(workflow.left)).toBe(150_000n);
    expect(await problemsAfterKill(booted)).toEqual([]);
  },
  PATIENCE_MS * 3,
);

it(
  "refunds all but the steps that were done when the one in the middle fails",
  async () => {
    const before = (await client().account.get()).balances;
    const id = await submit({
      first: step("text.language", { text: "What is done is done, and what is done is paid." }),
      second: step("test.fail", { colour: { $from: "first/language" } }),
      third: step("text.summarize", { text: { $from: "second/anything" } }),
    });
    const workflow = await reach(id, "over", isOver);
    expect(workflow).toMatchObject({ state: "failed", failure: { step: "second", reason: "crashed" } });
    expect(workflow.steps.map(({ name, state }) => [name, state])).toEqual([
      ["first", "done"],
      ["second", "failed"],
      ["third", "skipped"],
    ]);
    const { available, earmarked, held } = (await client().account.get()).balances;
    const [charge] = workflow.steps[0]!.tasks.map((task) => BigInt(task.charge ?? 0));
    expect({ available: BigInt(available), earmarked, held }).toEqual({
      available: BigInt(before.available) - charge!,
      earmarked: "0",
      held: "0",
    });
    await isPaid(workflow);
    expect(await problemsAfterKill(booted)).toEqual([]);
  },
  PATIENCE_MS * 3,
);

it(
  "goes on where it was when the server is killed, and orders no step twice",
  async () => {
    const { market, dataFolder } = booted;
    const id = await submit({
      first: step("text.language", { text: "The first step is done before the market dies." }),
      second: step("test.gate", { gate: "workflow" }, { after: ["first"] }),
      third: step("text.language", { text: "The third waits for the second." }, { after: ["second"] }),
    });
    for (const kill of ["first", "second"]) {
      await reach(id, `at its ${kill}`, (workflow) => stateOf(workflow, kill) !== "waiting");
      await market.server.kill();
      await market.restartServer();
    }
    await reach(id, "running its second", (workflow) => stateOf(workflow, "second") === "running");
    await market.server.kill();
    for (const node of ["attica", "boeotia"]) await openGates(dataFolder, node, gates, ["workflow"]);
    await market.restartServer();
    for (const { name } of market.nodes) {
      await booted.market.nodes.find((node) => node.name === name)!.service.kill();
      await booted.market.restartNode(name);
    }
    const workflow = await reach(id, "over", isOver);
    expect(workflow).toMatchObject({ state: "completed", held: "0" });
    expect(workflow.steps.map(({ tasks }) => tasks.length)).toEqual([1, 1, 1]);
    await isPaid(workflow);
    const { earmarked, held } = (await client().account.get()).balances;
    expect({ earmarked, held }).toEqual({ earmarked: "0", held: "0" });
    expect(await problemsAfterKill(booted)).toEqual([]);
  },
  PATIENCE_MS * 5,
);

it(
  "is submitted from a file and drawn by the command line",
  async () => {
    const submitted = await runStoa(booted, [
      "workflow",
      "submit",
      join(EXAMPLES, "read-report.json"),
      "--file",
      `text=${join(ROOT, "README.md")}`,
      "--file",
      `csv=${join(EXAMPLES, "planets.csv")}`,
      "--budget",
      "0.2",
      "--watch",
      "--json",
    ]);
    expect(submitted.stderr + String(submitted.code)).toBe("0");
    const { workflow, output } = JSON.parse(submitted.stdout) as { workflow: Workflow; output: Json };
    expect(output).toMatchObject({ language: "English", rows: 8 });
    const shown = await runStoa(booted, ["workflow", "show", workflow.id]);
    for (const { name } of workflow.steps) expect(shown.stdout).toMatch(new RegExp(`✓ ${name} .*done .* of 0\\.0`));
    expect(shown.stdout).toContain("└─▶ ✓ summary");
    const listed = await runStoa(booted, ["workflow", "list", "--json"]);
    expect((JSON.parse(listed.stdout) as { items: { id: Hash }[] }).items[0]?.id).toBe(workflow.id);
    const bad = await runStoa(booted, [
      "workflow",
      "submit",
      join(EXAMPLES, "read-report.json"),
      "--budget",
      "0.2",
      "--json",
    ]);
    expect(bad.code).toBe(2);
    expect(bad.stderr + bad.stdout).toContain("/steps/");
  },
  PATIENCE_MS * 2,
);
