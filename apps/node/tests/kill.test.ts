import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  assign,
  makeAgent,
  makeTask,
  nodeFolder,
  openRound,
  startMarket,
  type TestFolder,
  type TestMarket,
  until,
} from "./market.ts";

const main = join(import.meta.dirname, "../src/main.ts");

/** The daemon as its provider runs it: a process of its own. */
function startDaemon(folder: TestFolder, env: Record<string, string> = {}) {
  const { config } = folder;
  const child: ChildProcess = spawn(process.execPath, [main], {
    env: {
      PATH: process.env["PATH"],
      STOA_SERVER_URL: config.serverUrl,
      STOA_NODE_DATA: config.dataFolder,
      STOA_LOG_LEVEL: "warn",
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  child.stdout!.on("data", (bytes: Buffer) => (output += bytes.toString()));
  child.stderr!.on("data", (bytes: Buffer) => (output += bytes.toString()));
  const ended = once(child, "exit");
  return {
    child,
    output: () => output,
    async end(signal: "SIGKILL" | "SIGTERM") {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      await ended;
      return child.exitCode;
    },
    async [Symbol.asyncDispose]() {
      await this.end("SIGKILL");
    },
  };
}

async function win(market: TestMarket, folder: TestFolder, ms: number) {
  await until("the node is online", () => market.hub.online().get(folder.node)?.connected);
  const task = await makeTask("time.wait", { ms });
  const round = await openRound(market, [folder.node], [task]);
  const bid = await market.next("sheet", ({ answers }) => answers[0]!.orderHash === task.orderHash);
  market.hub.send(folder.node, await assign(folder, round, task, bid.answers[0]!));
  return task;
}

describe("a node's process", () => {
  it("killed while it runs an agent, takes the execution up again and delivers it once", async () => {
    await using market = await startMarket(undefined, { graceMs: 30_000 });
    await using folder = await nodeFolder(market);
    await using first = startDaemon(folder);
    const task = await win(market, folder, 2_000);
    const started = await market.next("started");
    await first.end("SIGKILL");
    await using second = startDaemon(folder);
    const delivered = await market.next("delivered");
    expect(delivered).toMatchObject({
      taskId: task.orderHash,
      executionId: started.executionId,
      output: { waited: 2_000 },
    });
    await second.end("SIGTERM");
    expect(market.all("delivered")).toHaveLength(1);
    expect(second.output()).not.toMatch(/"level":(50|60)/);
  });

  it("killed with a result the market has not heard, delivers that result, from disk, when both are back", async () => {
    await using market = await startMarket(undefined, { graceMs: 50 });
    await using folder = await nodeFolder(market);
    await using first = startDaemon(folder);
    const task = await win(market, folder, 1_000);
    await market.next("started");
    await market.stopHub();
    const status = join(folder.config.dataFolder, "status.json");
    await until(
      "it delivered into its outbox",
      async () =>
        (JSON.parse(await readFile(status, "utf8").catch(() => "{}")) as { delivered: number }).delivered === 1,
    );
    expect(market.all("delivered")).toHaveLength(0);
    await first.end("SIGKILL");
    await market.startHub();
    await using second = startDaemon(folder);
    expect(await market.next("delivered")).toMatchObject({ taskId: task.orderHash, output: { waited: 1_000 } });
    await until("all is acknowledged", () => market.hub.online().get(folder.node)?.connected);
    expect(await second.end("SIGTERM")).toBe(0);
    expect([market.all("started").length, market.all("delivered").length]).toEqual([1, 1]);
  });

  it("killed between signing a result and noting its end, sends that one again and signs no other", async () => {
    // Runs anew, this agent answers otherwise.
    const fickle = makeAgent("fickle", "time.now", `export function run() { return { at: Date.now() }; }`);
    await using market = await startMarket([fickle], { graceMs: 30_000 });
    await using folder = await nodeFolder(market);
    await using first = startDaemon(folder);
    await until("the node is online", () => market.hub.online().get(folder.node)?.connected);
    const task = await makeTask("time.now", {});
    const round = await openRound(market, [folder.node], [task]);
    const bid = await market.next("sheet");
    market.hub.send(folder.node, await assign(folder, round, task, bid.answers[0]!));
    const delivered = await market.next("delivered");
    const journal = join(folder.config.dataFolder, "journal.jsonl");
    const lines = await until("its end is noted", async () => {
      const found = (await readFile(journal, "utf8")).split("\n");
      return found.some((line) => line.includes('"ended"')) && found;
    });
    await first.end("SIGKILL");
    await writeFile(journal, lines.filter((line) => !line.includes('"ended"')).join("\n"));
    await using second = startDaemon(folder);
    await until("it delivers again", () => market.all("delivered").length === 2);
    expect(market.all("delivered")[1]).toEqual(delivered);
    expect(market.all("started")).toHaveLength(1);
    expect(await second.end("SIGTERM")).toBe(0);
    expect(await readFile(journal, "utf8")).toContain('"ended"');
  });

  it("killed while it runs something the market then takes away, does not deliver it", async () => {
    await using market = await startMarket(undefined, { graceMs: 30_000 });
    await using folder = await nodeFolder(market);
    await using first = startDaemon(folder);
    const task = await win(market, folder, 3_000);
    await market.next("started");
    await first.end("SIGKILL");
    market.hub.send(folder.node, {
      type: "assignment.withdrawn",
      taskId: task.orderHash,
      reason: "another node has it",
    });
    await using second = startDaemon(folder);
    await until("it is back and idle", async () => {
      const session = market.hub.online().get(folder.node);
      return (
        session?.connected &&
        session.running.length === 0 &&
        (await readFile(join(folder.config.dataFolder, "journal.jsonl"), "utf8")).includes('"withdrawn"')
      );
    });
    await second.end("SIGTERM");
    expect(market.all("delivered").length + market.all("agent.failed").length).toBe(0);
  });

  it("told to stop, finishes and delivers what runs and leaves with 0", async () => {
    await using market = await startMarket();
    await using folder = await nodeFolder(market);
    await using daemon = startDaemon(folder);
    await win(market, folder, 1_500);
    await market.next("started");
    expect(await daemon.end("SIGTERM")).toBe(0);
    expect(market.all("delivered")).toHaveLength(1);
    const status = JSON.parse(await readFile(join(folder.config.dataFolder, "status.json"), "utf8")) as {
      connection: string;
      draining: boolean;
    };
    expect(status).toMatchObject({ connection: "stopped", draining: true });
  });

  it("waits for a market that is away, and says so", async () => {
    await using market = await startMarket();
    await using folder = await nodeFolder({ url: "http://127.0.0.1:9" });
    await using daemon = startDaemon(folder);
    await until("it says so", () => /waiting for the market/.test(daemon.output()));
    expect(daemon.child.exitCode).toBe(null);
    void market;
  });

  it("started with a wrong configuration, says which variable and what to do, and leaves with 1", async () => {
    await using market = await startMarket();
    await using folder = await nodeFolder(market);
    for (const [env, said] of [
      [{ STOA_NODE_SLOTS: "many" }, /STOA_NODE_SLOTS must be an integer from 1 to 1024, got "many"/],
      [
        { STOA_NODE_LINK_FILE: join(folder.config.dataFolder, "none.json") },
        /must hold \{link, signature\}.*there is none/,
      ],
    ] as const) {
      await using daemon = startDaemon(folder, env);
      await until("it ends", () => daemon.child.exitCode !== null);
      expect(daemon.child.exitCode).toBe(1);
      expect(daemon.output()).toMatch(said);
      expect(daemon.output()).toMatch(/docs\/errors\.md#invalid_configuration/);
    }
    const torn = join(folder.config.dataFolder, "journal.jsonl");
    await writeFile(torn, '{"type":"totals","totals":{"delivered":3,"failed":0,"earned":"7"}}\n{"type":"undert');
    await using daemon = startDaemon(folder);
    await until("a torn last line is no obstacle", () => market.hub.online().get(folder.node)?.connected);
    expect(await daemon.end("SIGTERM")).toBe(0);
  });
});
