import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { SentIntent } from "@stoa/chain";
import { type QuietChain, startQuietChain } from "./sender-setup.ts";

interface Run {
  occasion?: string;
  stuckAfterMs?: number;
  maxReplacements?: number;
  dieAt: string | null;
}

/** Runs the paying process until it ends; blocks come while it runs, but only once it waits for one. */
async function run(world: QuietChain, to: string, { dieAt, ...plan }: Run, blocks: "mined" | "withheld") {
  const { anvil, key, folder } = world;
  const given = { rpcUrl: anvil.rpcUrl, key, file: join(folder, "sent.json"), to, dieAt, ...plan };
  const child = spawn(process.execPath, [join(import.meta.dirname, "paying-process.ts"), JSON.stringify(given)]);
  let said = "";
  let wrong = "";
  child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (wrong += chunk.toString()));
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) =>
    child.once("exit", (code, signal) => resolve({ code, signal })),
  );
  let isOver = false;
  void ended.then(() => (isOver = true));
  while (!isOver) {
    if (blocks === "mined" && said.includes("sent")) await world.mine();
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 20))]);
  }
  return { ...(await ended), said, wrong };
}

const POINTS = ["signed", "recorded", "send 1 starts", "send 1 arrived", "sent", "mined"];

it.for([
  ...POINTS.map((dieAt) => ({ dieAt, occasion: "the first payment" })),
  { dieAt: "settled", occasion: "the first payment" },
  // Without an occasion, whoever makes the same request again takes over what was left.
  ...POINTS.map((dieAt) => ({ dieAt, occasion: undefined })),
])("a payment is made once when its process is killed at '$dieAt' and started again ($occasion)", async (point) => {
  const world = await startQuietChain();
  const to = world.freshAddress();
  const plan = point.occasion === undefined ? {} : { occasion: point.occasion };
  const killed = await run(world, to, { ...plan, dieAt: point.dieAt }, "mined");
  expect(killed).toMatchObject({ signal: "SIGKILL" });
  const again = await run(world, to, { ...plan, dieAt: null }, "mined");
  expect(again, again.wrong).toMatchObject({ code: 0 });
  await world.mine(3);
  expect(await world.balanceOf(to)).toBe(1n);
  expect(await world.chain.client.getTransactionCount({ address: world.account.address })).toBe(1);
});

it.for(["replacement signed", "replacement recorded", "send 2 starts", "send 2 arrived"])(
  "a stuck payment is made once when its process is killed at '%s' of its replacement",
  async (dieAt) => {
    const world = await startQuietChain();
    const to = world.freshAddress();
    const killed = await run(world, to, { stuckAfterMs: 1, dieAt }, "withheld");
    expect(killed).toMatchObject({ signal: "SIGKILL" });
    const again = await run(world, to, { dieAt: null }, "mined");
    expect(again, again.wrong).toMatchObject({ code: 0 });
    await world.mine(3);
    expect(await world.balanceOf(to)).toBe(1n);
    expect(await world.chain.client.getTransactionCount({ address: world.account.address })).toBe(1);
  },
);

it("how often a payment may be replaced is bounded across kills", async () => {
  const world = await startQuietChain();
  const to = world.freshAddress();
  const plan = { stuckAfterMs: 1, maxReplacements: 3 };
  for (const dieAt of ["send 2 arrived", "send 3 arrived", "send 3 arrived"]) {
    expect(await run(world, to, { ...plan, dieAt }, "withheld")).toMatchObject({ signal: "SIGKILL" });
  }
  const file = JSON.parse(await readFile(join(world.folder, "sent.json"), "utf8")) as { intents: SentIntent[] };
  expect(file.intents.map(({ transactions }) => transactions.map(({ nonce }) => nonce))).toEqual([[0, 0, 0, 0]]);
});
