import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { nodesAbi, startAnvil } from "@stoa/chain";
import { until, wallets } from "@stoa/local";
import type { Hash, Task } from "@stoa/protocol";
import { type Database, openDatabase } from "@stoa/store";
import { ledgerProblems, type PostgresServer, startPostgres } from "@stoa/testkit";
import { afterAll, beforeAll, expect, it } from "vitest";
import {
  type BootedMarket,
  bootMarket,
  gatekeeper,
  nodeOf,
  openGates,
  PATIENCE_MS,
  publishTestAgent,
  untilConnected,
} from "./boot-market.ts";
import { chainProblems } from "./chain-problems.ts";
import { type Errand, order, patientClient, seeThrough } from "./requester.ts";

const plain: Errand = {
  capability: "text.language",
  input: { text: "Hope springs eternal, even in a database." },
  does: "accept",
  ends: "settled",
};

/** Works until an instant, without asking its node for anything. */
const sleepless = {
  name: "sleepless",
  capabilities: ["test.wait"],
  source: `export function run({ until }) { while (Date.now() < until); return { until }; }`,
};

/** Ends last what was started first, whatever fails on the way. */
const started = new AsyncDisposableStack();
let postgres: PostgresServer;
let booted: BootedMarket;
let database: Database;

beforeAll(async () => {
  postgres = started.use(await startPostgres());
  const databaseUrl = await postgres.createDatabase("market");
  booted = started.use(
    await bootMarket({
      databaseUrl,
      serverEnv: {
        STOA_NODE_GRACE_MS: "500",
        STOA_NODE_HEARTBEAT_MS: "2500",
        STOA_ROUND_RETRY_MS: "500",
        STOA_ROUND_WINDOW_MS: "1500",
      },
    }),
  );
  database = started.use(await openDatabase({ url: databaseUrl }));
}, 2 * PATIENCE_MS);

afterAll(() => started.disposeAsync(), 2 * PATIENCE_MS);

async function runsOn(taskId: Hash, name: string): Promise<Task> {
  return until(`${name} to run ${taskId}`, PATIENCE_MS, async () => {
    const task = await booted.market.client.tasks.get(taskId);
    return task.state === "running" && task.award?.node === nodeOf(booted.market, name).address ? task : null;
  });
}

async function problems(): Promise<string[]> {
  await until("all damages to be on chain", PATIENCE_MS, async () => {
    const left = await database.query("select 1 from damages where state <> 'confirmed'");
    return left.length === 0;
  });
  return [...(await ledgerProblems(database)), ...(await chainProblems(booted.market, database))];
}

/** What was taken of a node's stake for an award. */
async function slashedOnChain(awardHash: Hash) {
  const { chain, book } = booted.market;
  const logs = await chain.client.getContractEvents({
    address: book.nodes,
    abi: nodesAbi,
    eventName: "Slashed",
    args: { awardHash },
    fromBlock: BigInt(book.deployedAtBlock),
  });
  return logs.map(({ args }) => ({ toRequester: args.toRequester, toFaultPool: args.toFaultPool }));
}

async function pay(): Promise<Task> {
  const client = patientClient(booted.market.url);
  return seeThrough(booted.market, client, plain, await order(client, plain));
}

it(
  "a node that dies while executing loses the task to the next bidder, which is paid, and pays for it on chain",
  async () => {
    const { market, dataFolder } = booted;
    const agent = await publishTestAgent(market, gatekeeper);
    await openGates(dataFolder, "boeotia", agent, ["boeotia"]);
    const errand: Errand = { capability: "test.gate", input: { gate: "boeotia" }, does: "accept", ends: "settled" };
    const taskId = await order(market.client, errand);
    const first = (await runsOn(taskId, "attica")).award!;
    await nodeOf(booted.market, "attica").service.kill();
    const task = await seeThrough(market, market.client, errand, taskId);
    expect(task.award?.node).toBe(nodeOf(booted.market, "boeotia").address);
    expect(task.executions).toMatchObject([
      { node: nodeOf(market, "attica").address, state: "faulted" },
      { node: nodeOf(market, "boeotia").address, state: "delivered", failure: null },
    ]);
    if (task.outcome?.kind !== "settled") throw new Error(JSON.stringify(task.outcome));
    const [p1, p2] = [BigInt(first.price), BigInt(task.award!.price)];
    expect(BigInt(task.outcome.payment)).toBe(p2 - BigInt(task.award!.royalty));
    expect(await problems()).toEqual([]);
    const [damages] = await database.query<{ toRequester: bigint; toFaultPool: bigint }>(
      'select to_requester as "toRequester", to_fault_pool as "toFaultPool" from damages where task_id = $1',
      [taskId],
    );
    expect(damages!.toRequester + damages!.toFaultPool, "the node owes what its fault cost").toBe(p2 - p1);
    expect(await slashedOnChain(first.hash)).toEqual([damages]);
    expect(await market.client.rounds.verify(task.award!.roundId, { payments: true })).toMatchObject({
      ok: true,
      supplements: [{ ok: true }],
    });
    await market.restartNode("attica");
    await untilConnected(booted, "attica");
  },
  3 * PATIENCE_MS,
);

it(
  "a node that comes back with a result for a task it lost is turned down, and changes nothing",
  async () => {
    const { market, dataFolder } = booted;
    await publishTestAgent(market, sleepless);
    const errand: Errand = {
      capability: "test.wait",
      input: { until: Date.now() + 3_000 },
      does: "accept",
      ends: "settled",
    };
    const taskId = await order(market.client, errand);
    await runsOn(taskId, "attica");
    process.kill(nodeOf(booted.market, "attica").service.pid, "SIGSTOP");
    const task = await seeThrough(market, market.client, errand, taskId).finally(() =>
      process.kill(nodeOf(booted.market, "attica").service.pid, "SIGCONT"),
    );
    expect(task.award?.node).toBe(nodeOf(booted.market, "boeotia").address);
    await until("the stale result to be turned down", PATIENCE_MS, async () => {
      const log = await readFile(join(dataFolder, "logs", "node-attica.log"), "utf8");
      return log
        .split("\n")
        .some((line) => line.includes('"result.rejected"') && line.includes(taskId) && line.includes("not_assigned"));
    });
    expect(await market.client.tasks.get(taskId)).toEqual(task);
    await untilConnected(booted, "attica");
    expect(await problems()).toEqual([]);
  },
  3 * PATIENCE_MS,
);

it(
  "a task whose nodes do not answer says so, and is taken when they do",
  async () => {
    const { market } = booted;
    const stopped = market.nodes.map(({ service }) => service.pid);
    for (const pid of stopped) process.kill(pid, "SIGSTOP");
    const taskId = await order(market.client, plain);
    const unserved = await until(
      "the round to give up",
      PATIENCE_MS,
      async () => (await market.client.tasks.get(taskId)).unserved,
    ).finally(() => {
      for (const pid of stopped) process.kill(pid, "SIGCONT");
    });
    expect(unserved).toMatchObject([{ reason: "no_answer", nodes: { atLeast: 2, atMost: 2 } }]);
    expect(await seeThrough(market, market.client, plain, taskId)).toMatchObject({ state: "settled" });
  },
  3 * PATIENCE_MS,
);

it(
  "while the database is away it says so, and goes on when it is back",
  async () => {
    const { market } = booted;
    await postgres.kill();
    const answer = await fetch(`${market.url}/api/v1/tasks`);
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ code: "database_unavailable", status: 503 });
    const ready = await fetch(`${market.url}/ready`);
    expect([ready.status, await ready.json()]).toMatchObject([503, { ready: false, checks: { chain: "ok" } }]);
    const paid = pay();
    await until("PostgreSQL to start again", PATIENCE_MS, () => postgres.restart().then(() => true));
    expect(await paid).toMatchObject({ state: "settled" });
    expect((await fetch(`${market.url}/ready`)).status).toBe(200);
    expect(await problems()).toEqual([]);
  },
  3 * PATIENCE_MS,
);

it(
  "while the chain is away tasks are done and settled off chain, and are paid there when it is back",
  async () => {
    const { market, dataFolder } = booted;
    const stateFile = join(dataFolder, "chain", "state.json");
    await until("the chain's last block to be on disk", PATIENCE_MS, async () => {
      const saved = JSON.parse(await readFile(stateFile, "utf8")) as { best_block_number: number };
      return saved.best_block_number === Number(await market.chain.client.getBlockNumber({ cacheTime: 0 }));
    });
    await market.anvil.kill();
    const taskId = await order(market.client, plain);
    const settled = await until("the task to be settled off chain", PATIENCE_MS, async () => {
      const task = await market.client.tasks.get(taskId);
      if (task.state === "delivered") await market.client.tasks.acceptWhenGood(taskId, { signer: wallets.requester });
      return task.state === "settled" ? task : null;
    });
    expect(settled.settlement?.state).not.toBe("confirmed");
    await until("the market to tell that the chain is away", PATIENCE_MS, async () => {
      const ready = await fetch(`${market.url}/ready`);
      return ready.status === 503 && JSON.stringify(await ready.json()).includes("chain");
    });
    await using chain = await startAnvil({ port: market.anvil.port, stateFile, blockTimeSeconds: 0.25 });
    expect(chain.port).toBe(market.anvil.port);
    const task = await seeThrough(market, market.client, plain, taskId);
    expect(task.settlement?.state).toBe("confirmed");
    expect(await problems()).toEqual([]);
  },
  3 * PATIENCE_MS,
);
