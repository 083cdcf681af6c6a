import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import type { ExecutionFailureReason, Json, Manifest } from "@stoa/protocol";
import {
  createBroker,
  createContainerRunner,
  type Engine,
  engineReport,
  type ExecutionOutcome,
  openEngine,
  type Runner,
  sweepEngine,
} from "@stoa/sandbox";
import { busyboxImage, startContainerEngine } from "@stoa/testkit/container-engine";
import { unpackTar } from "modern-tar";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { describeRunner } from "./compliance.ts";
import { manifestFor, misbehavingAgent } from "./misbehaving-agent.ts";

const started = await startContainerEngine({ withRunsc: true });
const missing = "missing" in started ? started.missing : undefined;
if (missing !== undefined) console.warn(`containers are not tested here: ${missing}`);
const socketPath = "missing" in started ? "" : started.socketPath;
const NODE = "n1";
const WITHIN = { timeout: 20_000, interval: 20 };

describe.skipIf(missing !== undefined)(`containers${missing === undefined ? "" : `, not tested: ${missing}`}`, () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await openEngine(socketPath);
  });
  afterAll(async () => {
    if ("pid" in started) await started[Symbol.asyncDispose]();
  });

  const broker = createBroker({ versionId: "0x" as never, grants: {} });
  const runnerOf = (artifact: Uint8Array, change: Partial<Manifest> = {}, nodeId = NODE) =>
    createContainerRunner({ manifest: manifestFor("container", artifact, change), artifact, broker, engine, nodeId });
  const containersOf = async (nodeId: string) =>
    await engine.docker.listContainers({ all: true, filters: JSON.stringify({ label: [`stoa.node=${nodeId}`] }) });
  const runOn = (runner: Runner, input: Json) => runner.run({ executionId: "test", input });
  const failed = (outcome: ExecutionOutcome) =>
    outcome.status === "failed" ? `${outcome.reason}: ${outcome.message}` : JSON.stringify(outcome.output);

  describeRunner("container", {
    create: (options) => createContainerRunner({ ...options, engine, nodeId: NODE }),
    isProcess: false,
  });

  describe("a container", () => {
    let artifact: Uint8Array;
    let runner: Runner;
    beforeAll(async () => {
      ({ artifact } = await misbehavingAgent("container"));
      runner = await runnerOf(artifact);
    });
    afterAll(async () => await runner[Symbol.asyncDispose]());
    const run = (input: Json) => runOn(runner, input);

    test("is nobody, can do nothing, writes only to /scratch and sees no network", async () => {
      const outcome = await run({ do: "look" });
      expect(outcome).toMatchObject({ status: "ok" });
      const { text } = (outcome as unknown as { output: { text: string } }).output;
      expect(text.split(/ (?=\w+=)/)).toEqual([
        "user=10001:10001",
        "groups=10001",
        "caps=0000000000000000",
        "bounding=0000000000000000",
        "privileges=1",
        "seccomp=2",
        "root=no",
        "scratch=yes",
        "shm=no",
        "greeting=hello",
        "interfaces=lo ",
      ]);
    });

    test("is held to half a processor and 64 processes, by gVisor where the engine has it", async () => {
      await using own = await runnerOf(artifact, {}, "n4");
      const controller = new AbortController();
      const running = own.run({ executionId: "test", input: { do: "sleep" }, signal: controller.signal });
      // An engine lists a container before it can say more of it.
      const { HostConfig } = await vi.waitFor(async () => {
        const found = await containersOf("n4");
        expect(found).toHaveLength(1);
        return await engine.docker.getContainer(found[0]!.Id).inspect();
      }, WITHIN);
      controller.abort();
      await running;
      expect(HostConfig).toMatchObject({
        Memory: 16 << 20,
        MemorySwap: 16 << 20,
        NanoCpus: 500_000_000,
        PidsLimit: 64,
        Runtime: "runsc",
        NetworkMode: "none",
      });
      expect(engineReport(engine).contained.join()).toContain("gVisor");
      const bare = engineReport({ ...engine, runtime: undefined, limits: { ...engine.limits, seccomp: false } });
      expect(bare.notContained).toEqual([expect.stringContaining("seccomp"), expect.stringContaining("runsc")]);
    });

    test.each<[string, Json, ExecutionFailureReason, RegExp]>([
      ["whose child runs out of memory", { do: "allocateInChild" }, "memory_limit", /16 MB/],
      ["that forks without end", { do: "forks" }, "crashed", /fork/],
      ["that ends by a code", { do: "nothing known" }, "crashed", /code 7/],
      ["that ends without an output", { do: "silent" }, "bad_output", /without an output/],
      ["that gives two outputs", { do: "twice" }, "bad_output", /more after its output/],
      ["that writes a line without end", { do: "longLine" }, "output_limit", /20000/],
      ["that calls before it was answered", { do: "callTwice" }, "crashed", /twice at once/],
      ["that sleeps", { do: "sleep" }, "timeout", /3000 ms/],
    ])("%s is stopped, and told apart", async (_, input, reason, message) => {
      expect(failed(await run(input))).toMatch(new RegExp(`^${reason}: .*${message.source}`));
    });

    test("finds room in /scratch for half its memory, and no more", async () => {
      expect(failed(await run({ do: "fill" }))).toBe(JSON.stringify({ value: 8 << 20 }));
    });

    test("as many as eight run side by side", async () => {
      const outcomes = await Promise.all(Array.from({ length: 8 }, (_, n) => run({ do: "double", n })));
      expect(outcomes.map(failed)).toEqual(Array.from({ length: 8 }, (_, n) => JSON.stringify({ value: 2 * n })));
    });
  });

  test("an image made and saved by the engine itself is admitted and runs", async () => {
    const layers = await unpackTar(await busyboxImage('read -r n; echo "{\\"output\\":{\\"value\\":$n}}"'));
    const read = (name: string) => Buffer.from(layers.find(({ header }) => header.name === name)!.data!);
    const rootFs = read("base.tar");
    const created = await engine.docker.importImage(Readable.from([rootFs]), {
      repo: "made",
      tag: "here",
      changes: 'CMD ["/bin/sh", "-c", "read -r line; echo {\\\\\\"output\\\\\\":{\\\\\\"value\\\\\\":42}}"]',
    });
    await buffer(created);
    const image = engine.docker.getImage("made:here");
    const saved = await buffer(await image.get());
    await image.remove();
    await using runner = await runnerOf(saved);
    expect(failed(await runOn(runner, { do: "anything" }))).toBe('{"value":42}');
  });

  test.each<[string, string[], string]>([
    ["is not there", ["/bin/none"], "crashed: the image's command cannot be started"],
    ["cannot be executed", ["/bin"], "crashed: the image's command cannot be started"],
  ])("an image whose command %s fails by its own fault", async (_, command, message) => {
    await using runner = await runnerOf(await busyboxImage("", command));
    expect(failed(await runOn(runner, { do: "anything" }))).toContain(message);
  });

  test("an image for another processor is refused before anything runs", async () => {
    const artifact = await busyboxImage("");
    const other = { ...engine, architecture: "s390x" };
    const manifest = manifestFor("container", artifact);
    await expect(createContainerRunner({ manifest, artifact, broker, engine: other, nodeId: NODE })).rejects.toThrow(
      "this engine runs s390x",
    );
  });

  test("what a killed node has left is removed when it starts again, and only that", async () => {
    const node = spawn(process.execPath, [join(import.meta.dirname, "container-node-to-kill.ts"), socketPath, "n2"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(node.stdout, "data");
    const isRunning = async () => (await containersOf("n2")).some(({ State }) => State === "running");
    await vi.waitFor(async () => expect(await isRunning()).toBe(true), WITHIN);
    node.kill("SIGKILL");
    await once(node, "exit");
    expect(await sweepEngine(engine, "n3")).toEqual({ containers: 0, images: 0 });
    expect(await isRunning()).toBe(true);
    expect(await sweepEngine(engine, "n2")).toEqual({ containers: expect.any(Number) as number, images: 1 });
    expect(await containersOf("n2")).toEqual([]);
  });

  test("after all of it the engine holds no container and no image", async () => {
    expect(await engine.docker.listContainers({ all: true })).toEqual([]);
    expect(await engine.docker.listImages({ all: true })).toEqual([]);
  });

  test("an engine that is gone is the node's fault, and where none is, that is said", async () => {
    const artifact = await busyboxImage("");
    const runner = await runnerOf(artifact);
    if ("pid" in started) await started[Symbol.asyncDispose]();
    expect(failed(await runOn(runner, { do: "anything" }))).toMatch(/^sandbox_failed: the image could not be loaded/);
    await runner[Symbol.asyncDispose]();
    await expect(openEngine(socketPath)).rejects.toMatchObject({ code: "invalid_configuration" });
  });
});
