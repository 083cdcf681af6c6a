import { expect, it } from "vitest";
import { runCrashes } from "./run-crashes.ts";

const KILLS = 12;

it("a market under load whose processes are killed at random loses no task and no money, and its rounds stay one chain", async () => {
  const report = await runCrashes({ seed: Date.now() % 2 ** 32, kills: KILLS, requesters: 6 });
  console.log(JSON.stringify(report));
  expect(report.problems).toEqual([]);
  expect(Object.values(report.kills).reduce((sum, count) => sum + count, 0)).toBe(KILLS);
  expect(report.ends.settled).toBeGreaterThan(0);
}, 600_000);
