import { spawn } from "node:child_process";
import type { SpawnOptions } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { expect, onTestFinished, test } from "vitest";
import { endProcess, findLeaks, followSessions } from "../test/leaks.ts";

const FOREVER = ["-e", "setInterval(() => {}, 60_000)"];

function startForever(options: SpawnOptions): number {
  const child = spawn(process.execPath, FOREVER, { stdio: "ignore", ...options });
  onTestFinished(() => void child.kill("SIGKILL"));
  if (child.pid === undefined) throw new Error("the process did not start");
  return child.pid;
}

test.runIf(process.platform === "linux")("a process left running is found by its run's id", async () => {
  const runId = randomUUID();
  const pid = startForever({ env: { STOA_TEST_RUN: runId } });
  expect(await findLeaks(runId, new Set(), 0)).toMatchObject([{ pid }]);
});

test.runIf(process.platform === "linux")("a process without any environment is found by its session", async () => {
  const pid = startForever({ env: {}, detached: true });
  expect(await findLeaks(randomUUID(), new Set([pid]), 0)).toMatchObject([{ pid }]);
});

test("a run that left nothing finds nothing, without waiting", async () => {
  const startedAt = performance.now();
  expect(await findLeaks(randomUUID(), new Set())).toEqual([]);
  expect(performance.now() - startedAt).toBeLessThan(1_000);
});

test.runIf(process.platform === "linux")(
  "a descendant in a session of its own is followed while its parent lives",
  async () => {
    const source = `
    const { spawn } = require("node:child_process");
    const escaped = spawn(process.execPath, ${JSON.stringify(FOREVER)}, { detached: true, stdio: "ignore", env: {} });
    console.log(escaped.pid);
    setInterval(() => {}, 60_000);
  `;
    const parent = spawn(process.execPath, ["-e", source], { detached: true, stdio: ["ignore", "pipe", "inherit"] });
    onTestFinished(() => void parent.kill("SIGKILL"));
    const [line] = (await once(parent.stdout.setEncoding("utf8"), "data")) as [string];
    const escaped = Number(line);
    const sessions = new Set([parent.pid ?? 0]);
    followSessions(sessions);
    parent.kill("SIGKILL");
    await once(parent, "close");
    expect(await findLeaks(randomUUID(), sessions, 0)).toMatchObject([{ pid: escaped }]);
    endProcess(escaped);
  },
);
