import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import {
  type AgentVersionId,
  agentVersionId,
  type ExecutionFailureReason,
  type Json,
  type Manifest,
} from "@stoa/protocol";
import {
  type Broker,
  createBroker,
  createRunner,
  type ExecutionOutcome,
  type ExecutionRequest,
  openKeyValueStore,
  type Runner,
} from "@stoa/sandbox";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Agent, type Kind, manifestFor, misbehavingAgent } from "./misbehaving-agent.ts";
import { eventually, sandboxesOf, ticksOf } from "./process-tree.ts";

/** Processor time by which a process has read its input and is at work. */
const LOOPING_TICKS = 15;
const isLinux = process.platform === "linux";
const nothingGranted = (manifest: Manifest) =>
  createBroker({ versionId: agentVersionId(manifest), grants: manifest.grants });

function failure(outcome: ExecutionOutcome): { reason: ExecutionFailureReason; message: string } {
  if (outcome.status === "ok") throw new Error(`it did not fail, it gave ${JSON.stringify(outcome.output)}`);
  return { reason: outcome.reason, message: outcome.message };
}

function outputOf(outcome: ExecutionOutcome): Json {
  if (outcome.status === "failed") throw new Error(`it failed with ${outcome.reason}: ${outcome.message}`);
  return outcome.output;
}

type Failing = [deed: string, input: Json, reason: ExecutionFailureReason, message: RegExp];

/** What every runner promises, whatever stands behind it. */
export function describeExecutions(name: string, start: () => Promise<Runner>, further: Failing[] = []): void {
  describe(`executions of the ${name} runner`, () => {
    let runner: Runner;
    beforeAll(async () => {
      runner = await start();
    });
    afterAll(() => runner[Symbol.asyncDispose]());

    const run = (input: Json, request: Partial<ExecutionRequest> = {}) =>
      runner.run({ executionId: randomUUID(), input, ...request });

    test("computes, and says how long it took", async () => {
      const outcome = await run({ do: "double", n: 21 });
      expect(outputOf(outcome)).toEqual({ value: 42 });
      expect(outcome.stats.wallMs).toBeGreaterThan(0);
    });

    test.each<Failing>([
      ["loops for ever", { do: "loop" }, "timeout", /3000 ms/],
      ["floods its log", { do: "flood" }, "log_limit", /4000 bytes/],
      ["returns what is not JSON", { do: "garbage" }, "bad_output", /JSON/],
      ["returns what its schema does not allow", { do: "mismatch" }, "bad_output", /schema/],
      ["returns too much", { do: "large", bytes: 30_000 }, "output_limit", /20000 bytes/],
      ["crashes", { do: "crash" }, "crashed", /on purpose/],
      ["is given what its schema does not allow", { n: 1 }, "bad_input", /schema/],
      ...further,
    ])("stops an agent that %s, says why, and goes on", async (_, input, reason, message) => {
      const outcome = await run(input);
      expect(failure(outcome)).toEqual({ reason, message: expect.stringMatching(message) });
      expect(outcome.stats.wallMs).toBeLessThan(15_000);
      expect(outputOf(await run({ do: "double", n: 1 }))).toEqual({ value: 2 });
    });

    test("passes the log on in order, in batches, without what could steer a terminal", async () => {
      const lines: string[] = [];
      let batches = 0;
      const sent = [...Array.from({ length: 100 }, (_, index) => `line ${index}`), "\u001b[2Jgone", "two\nlines"];
      const outcome = await run(
        { do: "log", lines: sent },
        {
          onLog(batch) {
            lines.push(...batch);
            batches += 1;
          },
        },
      );
      expect(outputOf(outcome)).toEqual({ value: sent.length });
      expect(lines).toEqual([...sent.slice(0, 100), "\ufffd[2Jgone", "two", "lines"]);
      expect(batches).toBeLessThan(50);
      expect(outcome.stats.logBytes).toBe(sent.reduce((sum, line) => sum + line.length + 1, 0));
    });

    test("passes progress on, but no flood of it", async () => {
      const reported: number[] = [];
      outputOf(await run({ do: "progress" }, { onProgress: (fraction) => reported.push(fraction) }));
      expect(reported.length).toBeGreaterThan(0);
      expect(reported.length).toBeLessThan(100);
      expect(reported).toEqual(reported.toSorted((a, b) => a - b));
    });

    test("stops at the caller's signal, before and while it runs", async () => {
      expect(failure(await run({ do: "loop" }, { signal: AbortSignal.abort() })).reason).toBe("cancelled");
      const controller = new AbortController();
      const running = run({ do: "loop" }, { signal: controller.signal });
      setTimeout(() => controller.abort(), 100);
      const outcome = await running;
      expect(failure(outcome).reason).toBe("cancelled");
      expect(outcome.stats.wallMs).toBeLessThan(2_900);
    });

    test("a bad execution does not hurt those beside it", async () => {
      const good = Array.from({ length: 4 }, (_, n) => run({ do: "double", n }));
      const bad = ["loop", "flood", "crash"].map((deed) => run({ do: deed }));
      expect((await Promise.all(bad)).map((outcome) => failure(outcome).reason)).toEqual([
        "timeout",
        "log_limit",
        "crashed",
      ]);
      expect((await Promise.all(good)).map(outputOf)).toEqual([0, 2, 4, 6].map((value) => ({ value })));
    });

    test("a listener that throws is told to its caller, not swallowed", async () => {
      const angry = run(
        { do: "log", lines: ["a"] },
        {
          onLog: () => {
            throw new Error("no more logs");
          },
        },
      );
      await expect(angry).rejects.toThrow("no more logs");
      expect(outputOf(await run({ do: "double", n: 1 }))).toEqual({ value: 2 });
    });

    test("closing it cancels what runs", async () => {
      const own = await start();
      const running = own.run({ executionId: randomUUID(), input: { do: "loop" } });
      await own[Symbol.asyncDispose]();
      expect(failure(await running).reason).toBe("cancelled");
      await expect(own.run({ executionId: "late", input: { do: "double", n: 1 } })).rejects.toThrow("closed");
    });
  });
}

/** What a kind of runner has of its own. */
export interface RunnerKind {
  create(options: { manifest: Manifest; artifact: Uint8Array; broker: Broker; keepWarm?: number }): Promise<Runner>;
  /** Whether its executions are processes below this one, kept for the next and measured from inside. */
  isProcess: boolean;
}

/** What every runner promises beside that which holds an agent in. */
export function describeRunner(
  kind: Kind,
  { create, isProcess }: RunnerKind = { create: createRunner, isProcess: true },
): void {
  const hasProcesses = isProcess && isLinux;
  const calls: Failing = ["calls itself without end", { do: "recurse" }, "crashed", /stack/];
  describeExecutions(kind, async () => {
    const agent = await misbehavingAgent(kind);
    return await create({ ...agent, broker: nothingGranted(agent.manifest), keepWarm: 2 });
  }, [
    ["allocates without end", { do: "allocate" }, "memory_limit", /16 MB/],
    ["floods its log with empty lines", { do: "flushLines" }, "log_limit", /4000 bytes/],
    ...(isProcess ? [calls] : []),
  ]);

  describe(`the ${kind} runner`, () => {
    let agent: Agent;
    let runner: Runner;

    beforeAll(async () => {
      agent = await misbehavingAgent(kind);
      runner = await create({ ...agent, broker: nothingGranted(agent.manifest), keepWarm: 2 });
    });
    afterAll(async () => {
      await runner[Symbol.asyncDispose]();
      if (hasProcesses) expect(sandboxesOf(process.pid)).toEqual([]);
    });

    const run = (input: Json, request: Partial<ExecutionRequest> = {}) =>
      runner.run({ executionId: randomUUID(), input, ...request });

    test.runIf(isProcess)("says what an execution took of the machine", async () => {
      const { stats } = await run({ do: "double", n: 21 });
      expect(stats.cpuMs).toBeGreaterThanOrEqual(0);
      expect(stats.peakMemoryMb).toBeGreaterThan(0);
    });

    test("gives every execution a fresh state", async () => {
      for (let index = 0; index < 5; index += 1) expect(outputOf(await run({ do: "count" }))).toEqual({ value: 1 });
      if (hasProcesses) expect(sandboxesOf(process.pid)).toHaveLength(1);
    });

    test("tells the agent that a call is not granted, and goes on", async () => {
      const asked = { do: "call", method: "kv.get", params: { key: "a" } };
      expect(outputOf(await run(asked))).toEqual({ refused: "kv.get is not granted" });
      const long = outputOf(await run({ ...asked, method: "x".repeat(100) }));
      expect(long).toEqual({ refused: expect.stringContaining("64 characters") });
    });

    test("a bad execution does not take memory from those beside it", async () => {
      const good = Array.from({ length: 4 }, (_, n) => run({ do: "double", n }));
      const bad = ["loop", "allocate", "crash"].map((deed) => run({ do: deed }));
      expect((await Promise.all(bad)).map((outcome) => failure(outcome).reason)).toEqual([
        "timeout",
        "memory_limit",
        "crashed",
      ]);
      expect((await Promise.all(good)).map(outputOf)).toEqual([0, 2, 4, 6].map((value) => ({ value })));
    });

    test.runIf(hasProcesses)("a process killed from outside is a failed execution, and the next one runs", async () => {
      expect(outputOf(await run({ do: "double", n: 1 }))).toEqual({ value: 2 });
      const isRunning = ({ status }: ReturnType<typeof sandboxesOf>[number]) => status["State"]?.startsWith("R");
      // Once all of them rest, the one that runs is the one that loops, not one that only starts.
      let restedFor = 0;
      let rested = new Set<number>();
      const rest = () => {
        const sandboxes = sandboxesOf(process.pid);
        restedFor = sandboxes.length > 0 && !sandboxes.some(isRunning) ? restedFor + 1 : 0;
        rested = new Set(sandboxes.map(({ pid }) => pid));
        return restedFor >= 5;
      };
      await eventually(rest, 20_000, "every sandbox rests");
      const before = new Map(Array.from(rested, (pid) => [pid, ticksOf(pid)]));
      const running = run({ do: "loop" });
      // One that is killed before it has read its input is not to blame: the execution would run again.
      const busy = () => [...before].filter(([pid, ticks]) => ticksOf(pid) >= ticks + LOOPING_TICKS);
      await eventually(() => busy().length > 0, 20_000, "the agent loops");
      for (const [pid] of busy()) process.kill(pid, "SIGKILL");
      expect(failure(await running).reason).toBe("crashed");
      expect(outputOf(await run({ do: "double", n: 1 }))).toEqual({ value: 2 });
    });

    test("a process that is killed while it waits for work costs no execution", async () => {
      if (!isLinux) return;
      for (let n = 0; n < 3; n += 1) {
        expect(outputOf(await run({ do: "double", n }))).toEqual({ value: 2 * n });
        // The next execution is given to it before its end can be heard of.
        for (const { pid } of sandboxesOf(process.pid)) process.kill(pid, "SIGKILL");
        expect(outputOf(await run({ do: "double", n: 1 }))).toEqual({ value: 2 });
      }
    });

    test("closing it cancels what runs and leaves no process", async () => {
      const own = await create({ ...agent, broker: nothingGranted(agent.manifest) });
      const running = own.run({ executionId: "test", input: { do: "loop" } });
      await own[Symbol.asyncDispose]();
      expect(failure(await running).reason).toBe("cancelled");
      await expect(own.run({ executionId: "late", input: { do: "double", n: 1 } })).rejects.toThrow("closed");
    });
  });

  describe(`grants of the ${kind} runner`, () => {
    async function call(
      agent: Agent,
      grants: Manifest["grants"],
      given: Omit<Parameters<typeof createBroker>[0], "versionId" | "grants">,
      calls: [string, Json][],
      version = "a",
    ): Promise<Json[]> {
      const manifest = manifestFor(kind, agent.artifact, { grants });
      const broker = createBroker({ versionId: version as AgentVersionId, grants, ...given });
      await using runner = await create({ manifest, artifact: agent.artifact, broker });
      const answers: Json[] = [];
      for (const [method, params] of calls)
        answers.push(outputOf(await runner.run({ executionId: "test", input: { do: "call", method, params } })));
      return answers;
    }
    let agent: Agent;
    beforeAll(async () => {
      agent = await misbehavingAgent(kind);
    });

    test("what an agent version keeps comes back to it, and to no other", async () => {
      const keyValue = openKeyValueStore();
      const own = await call(agent, { keyValue: true }, { keyValue }, [
        ["kv.set", { key: "fruit", value: { apples: 3 } }],
        ["kv.get", { key: "fruit" }],
        ["kv.list", { prefix: "" }],
        ["kv.get", {}],
        ["kv.set", { key: "large", value: "x".repeat(70_000) }],
        ["kv.drop", {}],
      ]);
      expect(own.slice(0, 3)).toEqual([{ text: "null" }, { text: '{"apples":3}' }, { text: '["fruit"]' }]);
      expect(own.slice(3)).toEqual([
        { refused: "key must be text" },
        { refused: expect.stringContaining("65536 bytes") },
        { refused: expect.stringContaining("kv.drop is not granted; granted are kv.get") },
      ]);
      expect(await call(agent, { keyValue: true }, { keyValue }, [["kv.get", { key: "fruit" }]], "b")).toEqual([
        { text: "null" },
      ]);
    });

    test("a host is reached only when the manifest lists it, the node allows it, and it is no private address", async () => {
      const server = createServer((request, response) => {
        if (request.url === "/away") response.writeHead(302, { location: "https://example.org/" }).end();
        else if (request.url === "/large") response.end("x".repeat(2 << 20));
        else response.setHeader("x-secret", "kept").end(`${request.method} ${request.url}`);
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      try {
        const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
        const fetch = (path: string, more: Record<string, Json> = {}): [string, Json] => [
          "http.fetch",
          { url: `http://${host}${path}`, ...more },
        ];
        const open = { http: { allowedHosts: [host], allowPrivateAddresses: true } };
        const answers = await call(agent, { http: [host] }, open, [
          fetch("/hello"),
          fetch("/away"),
          fetch("/large"),
          fetch("/", { headers: { authorization: "x" } }),
          ["http.fetch", { url: "file:///etc/passwd" }],
        ]);
        expect(JSON.parse((answers[0] as { text: string }).text)).toEqual({
          status: 200,
          headers: {},
          body: "GET /hello",
        });
        expect(JSON.parse((answers[1] as { text: string }).text)).toMatchObject({
          status: 302,
          headers: { location: "https://example.org/" },
        });
        expect(answers.slice(2).map((answer) => (answer as { refused: string }).refused)).toEqual([
          expect.stringContaining("over 1048576 bytes"),
          expect.stringContaining("only the headers"),
          expect.stringContaining("only http and https"),
        ]);
        const refusals = [
          await call(agent, {}, open, [fetch("/")]),
          await call(agent, { http: ["example.org"] }, open, [fetch("/")]),
          await call(agent, { http: [host] }, { http: { allowedHosts: ["example.org"] } }, [fetch("/")]),
          await call(agent, { http: [host] }, { http: { allowedHosts: ["*"] } }, [fetch("/")]),
          await call(agent, { http: [host] }, {}, [fetch("/")]),
        ];
        expect(refusals.flat().map((answer) => (answer as { refused: string }).refused)).toEqual([
          "http.fetch is not granted",
          `the manifest does not list the host ${host}`,
          `this node does not allow the host ${host}`,
          "127.0.0.1 is a private address",
          "http.fetch is not granted",
        ]);
      } finally {
        server.closeAllConnections();
        server.close();
      }
    });
  });
}
