import { until, wallets } from "@stoa/local";
import type { Hash, Task } from "@stoa/protocol";
import type { StoaClient } from "@stoa/sdk";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type BootedMarket, bootMarket, PATIENCE_MS, publishTestAgent } from "./boot-market.ts";
import { patientClient } from "./requester.ts";
import { problemsAfterKill } from "./run-stoa.ts";

/** Has another agent name the language of each of its texts, and says what it was told when that was refused. */
const polyglot = {
  name: "polyglot",
  capabilities: ["test.polyglot"],
  grants: { subtasks: ["text.language"] },
  source: `export async function run({ texts, maxPrice, capability = "text.language" }, context) {
    const found = [];
    for (const text of texts) {
      try {
        const { output, price } = await context.call("task.run", { capability, input: { text }, maxPrice, timeoutMs: 25000 });
        found.push({ language: output.language, price });
      } catch (error) {
        found.push({ refused: error.message });
      }
    }
    return { found };
  }`,
};

const FRENCH = "Tous les êtres humains naissent libres et égaux en dignité et en droits.";
const FINNISH = "Kaikki ihmiset syntyvät vapaina ja tasavertaisina arvoltaan ja oikeuksiltaan.";

let booted: BootedMarket;
let requester: StoaClient;
const client = () => requester;

beforeAll(async () => {
  booted = await bootMarket({ challengeWindowSeconds: 2, serverEnv: { STOA_APPROVAL_SECONDS: "4" } });
  requester = patientClient(booted.market.url);
  await publishTestAgent(booted.market, polyglot);
});

afterAll(async () => {
  await booted?.[Symbol.asyncDispose]();
});

/** Orders a task, lets its node order, accepts its result, and waits for the chain. */
async function pay(input: object, budget?: bigint): Promise<{ task: Task; output: unknown }> {
  const { taskId } = await client().tasks.submit({
    capability: "test.polyglot",
    input: input as never,
    maxPrice: 50_000n,
    signer: wallets.requester,
    ...(budget === undefined ? {} : { subtaskBudget: budget }),
  });
  const reach = (what: string, is: (task: Task) => boolean) =>
    until(`${taskId} to be ${what}`, PATIENCE_MS, async () => {
      const task = await client().tasks.get(taskId);
      if (task.outcome?.kind === "unpaid") throw new Error(JSON.stringify(task.outcome));
      return is(task) ? task : null;
    });
  await reach("awarded", ({ award }) => award !== undefined);
  if (budget !== undefined) await client().tasks.grantSubtasks(taskId, { signer: wallets.requester });
  await reach("delivered", ({ state }) => state === "delivered");
  const { output } = await client().tasks.acceptWhenGood(taskId, { signer: wallets.requester });
  return { task: await reach("paid", ({ settlement }) => settlement?.state === "confirmed"), output };
}

async function untilPaid(ids: readonly Hash[]): Promise<void> {
  for (const id of ids)
    await until(`${id} to be paid`, PATIENCE_MS, async () => {
      return (await client().tasks.get(id)).settlement?.state === "confirmed";
    });
}

it(
  "lets a running agent have others work under its task's budget, and turns down what goes beyond it inside the agent",
  async () => {
    const before = BigInt((await client().account.get()).balances.available);
    const { task, output } = await pay({ texts: [FRENCH, FINNISH, "One too many."], maxPrice: "30000" }, 40_000n);
    const { found } = output as { found: { language?: string; price?: string; refused?: string }[] };
    expect(found.slice(0, 2).map(({ language }) => language)).toEqual(["fr", "fi"]);
    const left = 40_000n - BigInt(found[0]!.price!) - BigInt(found[1]!.price!);
    expect(found[2]?.refused).toBe(
      `budget_exhausted: the sub-task may cost 30000, the budget for sub-tasks has ${left} left`,
    );
    const { tasks } = await client().tasks.subtasks(task.id);
    const charged = tasks.reduce((sum, { charge }) => sum + BigInt(charge ?? 0), 0n);
    expect(task.executions.at(-1)?.stats?.subtasks).toEqual({ done: tasks.length, charged: charged.toString() });
    await untilPaid(tasks.map(({ taskId }) => taskId));
    await until("the budget to be free", PATIENCE_MS, async () => {
      return (await client().account.get()).balances.earmarked === "0";
    });
    const own = task.outcome?.kind === "settled" ? BigInt(task.outcome.charge) : 0n;
    expect(BigInt((await client().account.get()).balances.available)).toBe(before - own - charged);
  },
  PATIENCE_MS * 3,
);

it(
  "tells an agent why it may not order: too dear, not in its manifest, or no budget at all",
  async () => {
    const refusals = async (input: object, budget?: bigint) =>
      ((await pay({ texts: [FRENCH], maxPrice: "30000", ...input }, budget)).output as { found: { refused: string }[] })
        .found;
    const [dear, foreign, none] = await Promise.all([
      refusals({}, 29_999n),
      refusals({ capability: "text.summarize" }),
      refusals({}),
    ]);
    expect(dear[0]?.refused).toMatch(
      /session_key_limit: the session key may order for 29999, the maximum price is 30000/,
    );
    expect(foreign[0]?.refused).toBe("text.summarize is not granted; the manifest names text.language");
    expect(none[0]?.refused).toBe("the task has no budget for sub-tasks");
  },
  PATIENCE_MS * 3,
);

it(
  "has on chain what its ledger says, to the smallest unit",
  async () => {
    await until("every budget to be free", PATIENCE_MS, async () => {
      const { earmarked, held } = (await client().account.get()).balances;
      return earmarked === "0" && held === "0";
    });
    expect(await problemsAfterKill(booted)).toEqual([]);
  },
  PATIENCE_MS * 2,
);
