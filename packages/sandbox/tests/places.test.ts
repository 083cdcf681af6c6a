import { agentVersionId, type Json } from "@stoa/protocol";
import { createBroker, createRunner } from "@stoa/sandbox";
import pLimit from "p-limit";
import { expect, test } from "vitest";
import { misbehavingAgent } from "./misbehaving-agent.ts";
import { eventually, sandboxesOf } from "./process-tree.ts";

const PLACES = 3;

async function openRunner(places: ReturnType<typeof pLimit>) {
  const agent = await misbehavingAgent("wasm");
  const broker = createBroker({ versionId: agentVersionId(agent.manifest), grants: {} });
  return await createRunner({ ...agent, broker, places, keepWarm: PLACES });
}

test("five hundred executions at once have so many processes as there are places, and none is lost", async () => {
  const places = pLimit(PLACES);
  await using first = await openRunner(places);
  await using second = await openRunner(places);
  let most = 0;
  const counting = setInterval(() => (most = Math.max(most, sandboxesOf(process.pid).length)), 20);
  try {
    const outcomes = await Promise.all(
      Array.from({ length: 500 }, (_, n) =>
        (n % 2 === 0 ? first : second).run({ executionId: String(n), input: { do: "double", n } }),
      ),
    );
    expect(outcomes.map((outcome) => (outcome.status === "ok" ? outcome.output : outcome))).toEqual(
      Array.from({ length: 500 }, (_, n): Json => ({ value: 2 * n })),
    );
  } finally {
    clearInterval(counting);
  }
  // Each runner keeps as many ready as it had at once.
  if (process.platform === "linux") expect(most).toBeLessThanOrEqual(2 * PLACES);
});

test("an execution that waits for its place is cancelled without ever having had one", async () => {
  await using runner = await openRunner(pLimit(1));
  const before = new AbortController();
  const running = runner.run({ executionId: "1", input: { do: "loop" }, signal: before.signal });
  const waiting = new AbortController();
  const waited = runner.run({ executionId: "2", input: { do: "double", n: 1 }, signal: waiting.signal });
  await eventually(() => sandboxesOf(process.pid).length === 1, 20_000, "the first runs");
  waiting.abort();
  before.abort();
  expect(await running).toMatchObject({ status: "failed", reason: "cancelled" });
  expect(await waited).toMatchObject({ status: "failed", reason: "cancelled" });
  expect(await runner.run({ executionId: "3", input: { do: "double", n: 1 } })).toMatchObject({ output: { value: 2 } });
});
