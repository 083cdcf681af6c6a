import { join } from "node:path";
import type { EventType } from "@stoa/protocol";
import type { StoaClient } from "@stoa/sdk";
import { openDatabase } from "@stoa/store";
import { ledgerProblems } from "@stoa/testkit";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type BootedMarket, bootMarket, PATIENCE_MS } from "./boot-market.ts";
import { chainProblems } from "./chain-problems.ts";
import { type Errand, order, patientClient, seeThrough } from "./requester.ts";

/** The embedded database dies with the server, at whatever it is doing when the event is told. */
const killPoints: readonly EventType[] = [
  "task.opened",
  "task.awarded",
  "task.running",
  "task.delivered",
  "task.settled",
  "settlement.submitted",
];
const plain: Errand = {
  capability: "text.language",
  input: { text: "A house that falls on its owner needs no enemy." },
  does: "accept",
  ends: "settled",
};

let booted: BootedMarket;
/** The last event that was seen. */
let seen = 0;

beforeAll(async () => {
  booted = await bootMarket();
});

afterAll(async () => {
  await booted?.[Symbol.asyncDispose]();
});

/** Resolves when the live stream tells the next event of a type. */
async function nextEvent(client: StoaClient, type: EventType): Promise<void> {
  for await (const event of client.events.stream({ after: seen, signal: AbortSignal.timeout(PATIENCE_MS) })) {
    seen = event.seq;
    if (event.type === type) return;
  }
  throw new Error(`no ${type} came within ${PATIENCE_MS} ms`);
}

it.each(killPoints)(
  "the server and its embedded database, killed at %s, go on where they were",
  async (type) => {
    const { market } = booted;
    const client = patientClient(market.url);
    const told = nextEvent(client, type);
    const ordered = order(client, plain);
    const ended = ordered.then((taskId) => seeThrough(market, client, plain, taskId));
    await Promise.race([told, ended.then(() => told)]);
    const killedAt = Date.now();
    await market.server.kill();
    await market.restartServer();
    expect(await ended).toMatchObject({ state: "settled", settlement: { state: "confirmed" } });
    console.log(`embedded kill point: after ${type}, recovered in ${Date.now() - killedAt} ms`);
    // What the rest of this task told is not the next one's.
    await nextEvent(client, "settlement.confirmed");
  },
  2 * PATIENCE_MS,
);

it(
  "lost nothing and paid nothing twice",
  async () => {
    const { market, dataFolder } = booted;
    await market.server.kill();
    await using database = await openDatabase({ folder: join(dataFolder, "database") });
    expect(await ledgerProblems(database)).toEqual([]);
    expect(await chainProblems(market, database)).toEqual([]);
    const tasks = await database.query<{ state: string }>("select state from tasks");
    expect(tasks).toEqual(killPoints.map(() => ({ state: "settled" })));
  },
  PATIENCE_MS,
);
