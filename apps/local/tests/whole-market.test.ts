import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { until, wallets } from "@stoa/local";
import type { Hash, Json, Task } from "@stoa/protocol";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type BootedMarket, bootMarket, PATIENCE_MS, picky, publishTestAgent } from "./boot-market.ts";
import { problemsAfterKill, ROOT, runProgram, runStoa } from "./run-stoa.ts";

const APPROVAL_SECONDS = 4;
const MAX_PRICE = 50_000n;

let booted: BootedMarket;
const client = () => booted.market.client;

beforeAll(async () => {
  booted = await bootMarket({
    challengeWindowSeconds: 2,
    serverEnv: { STOA_APPROVAL_SECONDS: String(APPROVAL_SECONDS) },
  });
});

afterAll(async () => {
  await booted?.[Symbol.asyncDispose]();
});

async function submit(
  capability: string,
  input: Json,
  changes: { maxPrice?: bigint; deliverInSeconds?: number } = {},
): Promise<Hash> {
  const { taskId } = await client().tasks.submit({
    capability,
    input,
    maxPrice: MAX_PRICE,
    signer: wallets.requester,
    ...changes,
  });
  return taskId;
}

function reach(taskId: Hash, what: string, is: (task: Task) => boolean): Promise<Task> {
  return until(`${taskId} to be ${what}`, PATIENCE_MS, async () => {
    const task = await client().tasks.get(taskId);
    return is(task) ? task : null;
  });
}

const isConfirmed = ({ settlement }: Task) => settlement?.state === "confirmed";

/** Orders, checks, accepts, and waits for the chain. */
async function pay(capability: string, input: Json): Promise<{ task: Task; output: Json }> {
  const taskId = await submit(capability, input);
  await reach(taskId, "delivered", ({ state }) => state === "delivered");
  const result = await client().tasks.acceptWhenGood(taskId, { signer: wallets.requester });
  return { task: await reach(taskId, "paid", isConfirmed), output: result.output as Json };
}

async function balances() {
  return (await client().account.get()).balances;
}

it(
  "runs a task from order to payment on chain, at the price its round cleared",
  async () => {
    const text = await readFile(join(ROOT, "README.md"), "utf8");
    const { task, output } = await pay("text.summarize", { text, maxSentences: 3 });
    expect((output as { summary: string }).summary.length).toBeGreaterThan(40);
    if (task.outcome?.kind !== "settled" || !task.award) throw new Error(JSON.stringify(task));
    const { charge, payment, royalty, fee, refund } = task.outcome;
    expect(BigInt(payment) + BigInt(royalty) + BigInt(fee)).toBe(BigInt(charge));
    expect(BigInt(charge) + BigInt(refund)).toBe(MAX_PRICE);
    const { bids } = await client().rounds.bids(task.award.roundId);
    const asks = bids.map(({ ask }) => BigInt(ask)).sort((a, b) => Number(a - b));
    expect(bids.length).toBe(2);
    // Ties are broken by less than one unit, which the price may round away.
    expect(asks[1]! + BigInt(royalty) - BigInt(task.award.price), "the second best ask sets the price").toBeOneOf([
      0n,
      1n,
    ]);
    expect(await client().rounds.verify(task.award.roundId, { payments: true })).toMatchObject({ ok: true });
    const { executions } = await client().tasks.logs(task.id);
    expect(executions.flatMap(({ lines }) => lines).length).toBeGreaterThan(0);
  },
  PATIENCE_MS * 2,
);

it(
  "runs a profiler and an agent compiled to WASM",
  async () => {
    const [profile, language] = await Promise.all([
      pay("data.profile", { csv: "city,people\nAthens,643452\nThebes,22883\nSparta,16239\n" }),
      pay("text.language", {
        text: "Ἡ ἀγορὰ ἦν ἐν τῇ στοᾷ. Το Πανεπιστήμιο βρίσκεται στην πόλη και οι φοιτητές διαβάζουν.",
      }),
    ]);
    expect(profile.output).toMatchObject({ table: { rows: 3, columns: 2 } });
    expect(JSON.stringify(language.output)).toContain('"el"');
  },
  PATIENCE_MS * 2,
);

it(
  "refuses what cannot be done before it holds any money",
  async () => {
    const before = await balances();
    await expect(submit("text.unheard", {})).rejects.toMatchObject({ code: "unknown_capability" });
    await expect(submit("data.profile", { csv: 7 })).rejects.toMatchObject({ code: "input_mismatch" });
    await expect(submit("data.profile", { csv: "a\n1\n" }, { maxPrice: 10n ** 12n })).rejects.toMatchObject({
      code: "insufficient_funds",
    });
    await expect(submit("data.profile", { csv: "a\n1\n" }, { maxPrice: 0n })).rejects.toMatchObject({
      code: "invalid_price",
    });
    expect(await balances()).toEqual(before);
  },
  PATIENCE_MS,
);

it(
  "gives all the money back when the agent fails, and says why",
  async () => {
    await publishTestAgent(booted.market, picky);
    const before = await balances();
    const taskId = await submit("test.fail", { colour: "mauve" });
    const task = await reach(taskId, "failed", ({ state }) => state === "failed");
    expect(task.outcome).toMatchObject({
      kind: "unpaid",
      reason: "crashed",
      message: expect.stringContaining("no taste for mauve"),
    });
    expect(await balances()).toEqual(before);
  },
  PATIENCE_MS,
);

it(
  "says for each reason why no node takes a task, and frees its hold at its end",
  async () => {
    const before = await balances();
    const input = { text: "Nobody works for nothing." };
    const [cancelled, expired] = await Promise.all([
      submit("text.language", input, { maxPrice: 3_000n }),
      submit("text.language", input, { maxPrice: 3_001n, deliverInSeconds: 8 }),
    ]);
    const unserved = await reach(cancelled, "turned down", (task) => task.unserved !== undefined);
    expect(unserved.unserved).toMatchObject([{ reason: "price_too_low", nodes: { atLeast: 2, atMost: 2 } }]);
    expect((await balances()).held).toBe("6001");
    await client().tasks.cancel(cancelled);
    expect((await client().tasks.get(cancelled)).state).toBe("cancelled");
    const late = await reach(expired, "expired", ({ state }) => state === "expired");
    expect(late.outcome).toMatchObject({
      kind: "unpaid",
      reason: "expired",
      message: expect.stringMatching(/^no node took it: ((price too low|deadline too short) \(\d\)(, )?)+$/),
    });
    expect(await balances()).toEqual(before);
  },
  PATIENCE_MS,
);

it(
  "pays a result that nobody accepts or challenges from its claim on chain",
  async () => {
    const taskId = await submit("text.language", { text: "Silence is consent, says the law of the market." });
    const claimed = await reach(
      taskId,
      "claimed",
      ({ settlement }) => settlement?.kind === "claim" && settlement.state === "claimed",
    );
    expect(claimed.state).toBe("delivered");
    const task = await reach(taskId, "paid", isConfirmed);
    expect(task).toMatchObject({ state: "settled", accepted: false, outcome: { kind: "settled" } });
  },
  PATIENCE_MS * 2,
);

it(
  "is used from the command line, with the profile it wrote",
  async () => {
    const args = [
      "task",
      "submit",
      "text.summarize",
      "--input",
      join(ROOT, "README.md"),
      "--max-price",
      "0.05",
      "--watch",
    ];
    const { code, stdout, stderr } = await runStoa(booted, [...args, "--json"]);
    expect(stderr + String(code)).toBe("0");
    expect(JSON.parse(stdout)).toMatchObject({
      task: { state: "settled", accepted: true },
      output: { summary: expect.any(String) },
    });
  },
  PATIENCE_MS,
);

it(
  "lets nobody else open its data",
  async () => {
    const { code, stderr } = await runProgram(booted, "apps/local/src/main.ts", [
      "--once",
      "--port",
      "0",
      "--data",
      booted.dataFolder,
    ]);
    expect(code).toBe(1);
    expect(stderr).toContain("data_locked");
  },
  PATIENCE_MS,
);

it(
  "has on chain what its ledger says, to the smallest unit",
  async () => {
    expect(await problemsAfterKill(booted)).toEqual([]);
  },
  PATIENCE_MS * 2,
);

it(
  "goes on from its data when it is stopped and started again",
  async () => {
    const { items } = await client().tasks.list({ mine: true, limit: 100 });
    const before = await balances();
    await booted.startAgain();
    expect((await client().tasks.list({ mine: true, limit: 100 })).items).toEqual(items);
    expect(await balances()).toEqual(before);
    await pay("text.language", { text: "The second day of the market is as good as the first." });
    expect(await problemsAfterKill(booted)).toEqual([]);
  },
  PATIENCE_MS * 2,
);
