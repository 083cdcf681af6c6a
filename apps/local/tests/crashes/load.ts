import { type LocalMarket, until } from "@stoa/local";
import { type Hash, StoaError, type Task, type TaskState } from "@stoa/protocol";
import type { StoaClient } from "@stoa/sdk";
import { type Errand, order, patientClient, act } from "../requester.ts";

/** A task killed at every step of its way may take as long as all the restarts it saw. */
const END_MS = 600_000;

/** An errand that may end in several ways, for a node that dies with a task may be found out too late for another. */
export interface LoadErrand extends Errand {
  mayEnd: readonly TaskState[];
}

const language: Errand = {
  capability: "text.language",
  input: { text: "All that glitters is not gold, says the play." },
  does: "accept",
  ends: "settled",
  deliverInSeconds: 120,
};

/** What requesters order under crashes: paid, unpaid, failing, cancelled and expired tasks. */
export const errands: readonly LoadErrand[] = [
  { ...language, mayEnd: ["settled"] },
  { ...language, input: { text: "Et tu, Brute?" }, mayEnd: ["settled"] },
  { ...language, does: "nothing", mayEnd: ["settled"] },
  { ...language, maxPrice: 3_000n, does: "cancel", mayEnd: ["cancelled", "expired"] },
  { ...language, maxPrice: 3_000n, deliverInSeconds: 5, does: "nothing", mayEnd: ["expired"] },
  { ...language, deliverInSeconds: 8, mayEnd: ["settled", "failed", "expired"] },
  { capability: "test.fail", input: { colour: "mauve" }, does: "accept", ends: "failed", mayEnd: ["failed"] },
];

/** A task that an order was answered for, and how it ended. */
export interface Fate {
  taskId: Hash;
  errand: LoadErrand;
  state: TaskState;
}

/** Requesters that order one task after the other, until they are told to stop. */
export interface Load {
  /** Tasks whose order was answered: none of them may ever be missing. */
  readonly ordered: ReadonlyMap<Hash, LoadErrand>;
  /** Takes no new orders, and gives every task's end. @throws {Error} when one ended as it never may */
  finish(): Promise<Fate[]>;
}

/** Starts requesters, each with one task at a time. */
export function startLoad(market: LocalMarket, requesters: number, random: () => number): Load {
  const ordered = new Map<Hash, LoadErrand>();
  const fates: Fate[] = [];
  let isStopping = false;

  async function run(client: StoaClient): Promise<void> {
    while (!isStopping) {
      const errand = errands[Math.floor(random() * errands.length)]!;
      // Refused while the market goes down, or come too late for its deadline because it was down: another one is ordered.
      const taskId = await order(client, errand).catch((error: unknown) => {
        if (!(error instanceof StoaError)) throw error;
        if (error.definition.kind === "retry" || error.code === "invalid_deadline") return null;
        throw error;
      });
      if (!taskId) continue;
      ordered.set(taskId, errand);
      const { state } = await ended(market, client, errand, taskId);
      fates.push({ taskId, errand, state });
      if (!errand.mayEnd.includes(state)) throw new Error(`the task ${taskId} (${errand.does}) ended as ${state}`);
    }
  }

  const running = Promise.all(Array.from({ length: requesters }, () => run(patientClient(market.url))));
  running.catch(() => {});
  return {
    ordered,
    async finish() {
      isStopping = true;
      await running;
      return fates;
    },
  };
}

function ended(market: LocalMarket, client: StoaClient, errand: LoadErrand, taskId: Hash): Promise<Task> {
  return until(`${taskId} (${errand.does}) to end`, END_MS, async () => {
    const task = await client.tasks.get(taskId);
    if (task.state === "settled" ? task.settlement?.state === "confirmed" : task.outcome) return task;
    await act(market, client, errand, task).catch((error: unknown) => {
      if (!(error instanceof StoaError) || error.definition.kind === "bug") throw error;
    });
    return null;
  });
}
