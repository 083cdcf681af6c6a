import { challengeClaim, createSender, orderStatus, ruleClaim } from "@stoa/chain";
import { type LocalMarket, until, wallets } from "@stoa/local";
import {
  type AuctionMode,
  decodeTyped,
  type Hash,
  type Json,
  type RetryPolicy,
  StoaError,
  type Task,
  type TaskState,
} from "@stoa/protocol";
import { createClient, type StoaClient } from "@stoa/sdk";
import type { LocalAccount } from "viem/accounts";
import { PATIENCE_MS } from "./boot-market.ts";

const LOOK_MS = 100;

/** A task, and how its requester goes on with it. */
export interface Errand {
  capability: string;
  input: Json;
  maxPrice?: bigint;
  deliverInSeconds?: number;
  startBySeconds?: number;
  retry?: RetryPolicy;
  auction?: AuctionMode;
  /** Accepts a good result; cancels once it is turned down; challenges the claim and is ruled to be right; or lets be. */
  does: "accept" | "cancel" | "challenge" | "nothing";
  /** How it must end. */
  ends: TaskState;
}

/** A requester's client that does not give up while the market is away. */
export function patientClient(url: string, signer: LocalAccount = wallets.requester): StoaClient {
  return createClient({ url, signer, fetch: patientFetch });
}

const patientFetch: typeof fetch = async (input, init) => {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const answer = await fetch(input, init).catch((error: Error) => error);
    if (answer instanceof Response && answer.status !== 503) return answer;
    if (init?.signal?.aborted || Date.now() > deadline) {
      if (answer instanceof Response) return answer;
      throw answer;
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
};

/** Orders a task. The order is signed once: however often it is sent, it is one task. */
export async function order(client: StoaClient, { does: _does, ends: _ends, ...request }: Errand): Promise<Hash> {
  const { taskId } = await client.tasks.submit({ maxPrice: 50_000n, signer: wallets.requester, ...request });
  return taskId;
}

/** Does what a requester does about a task until it has ended, and is paid on chain if it is to be paid. */
export function seeThrough(market: LocalMarket, client: StoaClient, errand: Errand, taskId: Hash): Promise<Task> {
  return until(`${taskId} to end ${errand.ends}`, PATIENCE_MS, async () => {
    const task = await client.tasks.get(taskId);
    if (task.state === "settled" ? task.settlement?.state === "confirmed" : task.outcome) return task;
    await act(market, client, errand, task).catch((error: unknown) => {
      // What it would have done may have been done meanwhile, by itself before the market was killed or by the clock.
      if (!(error instanceof StoaError) || error.definition.kind === "bug") throw error;
    });
    return null;
  });
}

/** Does what is to be done about a task as it stands. */
export async function act(market: LocalMarket, client: StoaClient, { does }: Errand, task: Task): Promise<void> {
  if (does === "accept" && task.state === "delivered")
    await client.tasks.acceptWhenGood(task.id, { signer: wallets.requester });
  if (does === "cancel" && task.unserved) await client.tasks.cancel(task.id);
  if (does === "challenge" && task.state === "delivered") await challenge(market, task);
}

async function challenge({ chain, book: { vault } }: LocalMarket, task: Task): Promise<void> {
  const { id: orderHash, order, settlement } = task;
  const { state } = await orderStatus(chain, vault, decodeTyped("Order", order));
  // A claim in a batch is no claim of its own until it is challenged.
  const isPosted = state === "none" && settlement?.kind === "claim" && settlement.state === "claimed";
  if (state === "claimed" || isPosted)
    await challengeClaim(createSender(chain, wallets.requester), { vault, orderHash });
  if (state === "challenged") await ruleClaim(createSender(chain, wallets.arbiter), { vault, orderHash, pay: false });
}
