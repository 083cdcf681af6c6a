import { deposit, requestWithdrawal, vaultAbi } from "@stoa/chain";
import { until } from "@stoa/local";
import type { Hash, Task } from "@stoa/protocol";
import type { StoaClient } from "@stoa/sdk";
import { parseEventLogs } from "viem";
import { expect } from "vitest";
import { PATIENCE_MS } from "../boot-market.ts";
import { patientClient } from "../requester.ts";
import { DOLLAR, LONGER_THAN_THE_STORY, type Story } from "./open-story.ts";

const TASKS = 10;
const MAX_PRICE = 50_000n;
const DEPOSITED = 40n * DOLLAR;
const WITHDRAWN = 25n * DOLLAR;

/** What the weather does to the market between two steps. */
export interface Mishaps {
  /** Once the tasks are ordered. */
  ordered?(): Promise<void>;
  /** Ends the server; it is started again after it. */
  end(): Promise<void>;
  /** Once the batch stands in a block. */
  settled?(txHash: Hash): Promise<void>;
}

/**
 * A requester deposits, orders ten tasks by signed orders, accepts what comes, and all ten are paid by one transaction;
 * then it asks for some of its money back.
 */
export async function settleTenTasks(story: Story, { ordered, end, settled }: Mishaps): Promise<Task[]> {
  const { booted, requester } = story;
  const { vault, token } = booted.market.book;
  await restart(story, LONGER_THAN_THE_STORY, end);
  const client = patientClient(booted.market.url, requester.signer);
  await deposit(requester.sender, { vault, token, amount: DEPOSITED });
  await until("the deposit to be on the ledger", PATIENCE_MS, async () => {
    await story.weather.mine(1);
    return BigInt((await client.account.get()).balances.available) >= BigInt(TASKS) * MAX_PRICE;
  });
  const taskIds = await orderAll(client, story);
  await ordered?.();
  await Promise.all(taskIds.map((taskId) => accept(client, story, taskId)));
  expect(await paidIn(story, taskIds), "nothing is paid while settlements are gathered").toEqual([]);
  await restart(story, 0, end);
  const [txHash] = await until("the batch to be in a block", PATIENCE_MS, async () => {
    const hashes = await paidIn(story, taskIds);
    return hashes.length === TASKS && hashes;
  });
  expect(new Set(await paidIn(story, taskIds)).size, "one transaction pays all").toBe(1);
  await settled?.(txHash!);
  const tasks = await Promise.all(taskIds.map((taskId) => paid(client, taskId)));
  await requestWithdrawal(requester.sender, { vault, token, amount: WITHDRAWN });
  return tasks;
}

/** A server gathers as long as it was told when it was started. */
async function restart(story: Story, gatherSeconds: number, end: () => Promise<void>): Promise<void> {
  if (story.gatherSeconds === gatherSeconds) return;
  story.gatherSeconds = gatherSeconds;
  await end();
  await story.booted.market.restartServer();
}

async function orderAll(client: StoaClient, { requester }: Story): Promise<Hash[]> {
  const results = await client.tasks.submitMany(
    Array.from({ length: TASKS }, (_, i) => ({
      capability: "text.language",
      input: { text: `Ten times the same is not the same, says number ${i}.` },
      maxPrice: MAX_PRICE,
      deliverInSeconds: 3_600,
      signer: requester.signer,
    })),
  );
  return results.map((result) => {
    if ("problem" in result) throw new Error(JSON.stringify(result.problem));
    return result.taskId;
  });
}

async function accept(client: StoaClient, { requester }: Story, taskId: Hash): Promise<void> {
  await until(`${taskId} to be accepted`, PATIENCE_MS, async () => {
    const { state } = await client.tasks.get(taskId);
    if (state === "delivered") await client.tasks.acceptWhenGood(taskId, { signer: requester.signer });
    return state === "settled";
  });
}

function paid(client: StoaClient, taskId: Hash): Promise<Task> {
  return until(`${taskId} to be paid for good`, PATIENCE_MS, async () => {
    const task = await client.tasks.get(taskId);
    return task.settlement?.state === "confirmed" && task;
  });
}

/** The transactions that paid for tasks, one for each time. */
async function paidIn({ booted }: Story, taskIds: readonly Hash[]): Promise<Hash[]> {
  const { chain, book } = booted.market;
  const logs = await chain.client.getLogs({ address: book.vault, fromBlock: BigInt(book.deployedAtBlock) });
  const settled = parseEventLogs({ abi: vaultAbi, logs, eventName: ["Settled", "AcceptedSettled", "ClaimSettled"] });
  return settled.flatMap(({ args, transactionHash }) =>
    taskIds.some((taskId) => taskId === args.orderHash) ? [transactionHash] : [],
  );
}
