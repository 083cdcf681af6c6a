import { wallets } from "@stoa/local";
import type { Acceptance, EventRecord, Hash } from "@stoa/protocol";
import type { StoaClient } from "@stoa/sdk";

/** Tasks one request submits, acceptances one request hands in. */
const BATCH = 100;

export interface RequesterPlan {
  capability: string;
  tasks: number;
  /** Tasks under way at once. */
  outstanding: number;
  /** The last event of the log before its first order. */
  after: number;
}

export interface RequesterTimes {
  elapsedMs: number;
  /** From the order's signing to the news that it is settled, rising. */
  latenciesMs: number[];
  /** The last event of the log that was seen. */
  lastSeq: number;
}

/**
 * Orders tasks and accepts their results as fast as the market goes: the next ones are ordered as earlier ones settle.
 * Everything is signed while the clock runs.
 * @throws {Error} when the market refuses something, or a task ends otherwise than settled
 */
export async function runRequester(client: StoaClient, plan: RequesterPlan): Promise<RequesterTimes> {
  const ordered = new Map<Hash, number>();
  const prices = new Map<Hash, bigint>();
  const latenciesMs: number[] = [];
  const stop = new AbortController();
  const finished = Promise.withResolvers<void>();
  let submitted = 0;
  const accepting: Acceptance[] = [];
  let lastSeq = plan.after;
  let isAccepting = false;

  async function submit(count: number): Promise<void> {
    submitted += count;
    const at = performance.now();
    const requests = Array.from({ length: count }, (_, index) => ({
      capability: plan.capability,
      input: { text: `The sea is wide, and ship number ${submitted - index} is slow.` },
      maxPrice: 50_000n,
      signer: wallets.requester,
      deliverInSeconds: 600,
    }));
    for (const result of await client.tasks.submitMany(requests)) {
      if ("problem" in result) throw new Error(`an order was refused: ${result.problem.detail}`);
      ordered.set(result.taskId, at);
    }
  }

  async function accept(): Promise<void> {
    if (isAccepting) return;
    isAccepting = true;
    // What the same frame of events still brings goes with it.
    await new Promise((resolve) => setImmediate(resolve));
    while (accepting.length > 0) {
      const acceptances = accepting.splice(0, BATCH);
      const results = await client.tasks.acceptMany({ acceptances, signer: wallets.requester });
      const now = performance.now();
      for (const result of results) {
        if ("problem" in result) throw new Error(`an acceptance was refused: ${result.problem.detail}`);
        latenciesMs.push(now - (ordered.get(result.taskId) ?? now));
      }
      refill();
    }
    isAccepting = false;
    if (latenciesMs.length >= plan.tasks) finished.resolve();
  }

  function refill(): void {
    while (submitted < plan.tasks && submitted - latenciesMs.length <= plan.outstanding - BATCH) {
      submit(Math.min(BATCH, plan.tasks - submitted)).catch(finished.reject);
    }
  }

  function hear(event: EventRecord): void {
    if (event.type === "task.awarded") {
      const { taskId, price } = (event as EventRecord<"task.awarded">).data;
      prices.set(taskId, BigInt(price));
    } else if (event.type === "task.delivered") {
      const { taskId, resultHash } = (event as EventRecord<"task.delivered">).data;
      accepting.push({ orderHash: taskId, resultHash, price: prices.get(taskId)! });
    } else if (event.type === "task.failed" || event.type === "task.expired") {
      finished.reject(new Error(`a task ended as ${JSON.stringify(event)}`));
    }
  }

  async function listen(): Promise<void> {
    for await (const event of client.events.stream({ after: plan.after, signal: stop.signal })) {
      lastSeq = event.seq;
      hear(event);
      if (accepting.length > 0) void accept().catch(finished.reject);
    }
  }

  const listening = listen();
  listening.catch(finished.reject);
  const started = performance.now();
  refill();
  await finished.promise;
  const elapsedMs = performance.now() - started;
  stop.abort();
  await listening;
  return { elapsedMs, latenciesMs: latenciesMs.sort((a, b) => a - b), lastSeq };
}
