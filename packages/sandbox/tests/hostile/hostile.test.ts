import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ContainmentOptions, openEngine } from "@stoa/sandbox";
import { startContainerEngine } from "@stoa/testkit/container-engine";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eventually } from "../process-tree.ts";
import { type Arena, openArena } from "./arena.ts";
import type { Family } from "./attack.ts";
import { isNoMoreThan, takeCensus } from "./census.ts";
import { type Escape, runOutside } from "./escape.ts";
import { escapes, outside } from "./escapes.ts";
import { families } from "./families.ts";
import { type GoodAgent, startGoodAgent } from "./good-agent.ts";
import { inside } from "./node-escapes.ts";
import { attacksOfRound, runAttacks } from "./run-attacks.ts";

const AT_ONCE = 3;
const MINUTES = 60_000;
const SEEN_MS = 10_000;
const searchPath = process.env["PATH"] ?? "";
const everything: ContainmentOptions = { searchPath };

const started = await startContainerEngine();
const engine = "missing" in started ? undefined : await openEngine(started.socketPath);
afterAll(async () => {
  if (!("missing" in started)) await started[Symbol.asyncDispose]();
});

/** A folder for temporary files that no other program writes to. */
const common = tmpdir();
let temporary: string;
beforeAll(async () => {
  temporary = await mkdtemp(join(common, "stoa-hostile-"));
  process.env["TMPDIR"] = temporary;
});
afterAll(async () => {
  process.env["TMPDIR"] = common;
  await rm(temporary, { recursive: true });
});

async function expectContained(family: Family, arena: Arena): Promise<void> {
  const held = family.attacks.filter((attack) => attack.isHeldIn?.(arena) ?? true);
  const { faults, shown } = await runAttacks(held, arena, AT_ONCE);
  expect({ faults, harm: await arena.harm(shown) }).toEqual({ faults: [], harm: [] });
  console.log(`${family.name}: ${held.length} of ${family.attacks.length} attacks made, none came through`);
}

/** Waits for harm: a signal is not answered at once. */
async function isHarmed(arena: Arena, shown: string): Promise<boolean> {
  for (const deadline = performance.now() + SEEN_MS; performance.now() < deadline;) {
    if ((await arena.harm(shown, 0)).length > 0) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}

// Marks, signals and counts are read from /proc.
describe.skipIf(process.platform !== "linux")("under attack", () => {
  test("there are more than a hundred attacks, each of them another", () => {
    const names = families.flatMap(({ attacks }) => attacks.map(({ name }) => name));
    console.log(`${names.length} attacks in ${families.length} families`);
    expect(names.length).toBeGreaterThan(100);
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  });

  describe("a node goes on serving a good agent while it holds in", () => {
    let arena: Arena;
    let good: GoodAgent;
    beforeAll(async () => {
      arena = await openArena(everything, engine);
      good = await startGoodAgent(arena.containment);
    });
    afterAll(async () => {
      await good[Symbol.asyncDispose]();
      await arena[Symbol.asyncDispose]();
    });

    test.each(families.map((family) => [family.name, family] as const))(
      "%s",
      { timeout: 10 * MINUTES },
      async (_, family) => {
        const served = good.latencies.length;
        await expectContained(family, arena);
        await eventually(() => good.latencies.length > served, MINUTES, "the good agent is served");
        expect(good.faults).toEqual([]);
      },
    );
  });

  test.each<[string, ContainmentOptions]>([
    ["no filter of system calls", { searchPath, without: ["filter"] }],
    ["no bwrap", { searchPath, without: ["bwrap"] }],
    ["no namespaces", { searchPath, without: ["bwrap", "unshare"] }],
  ])("a host with %s holds in every escape its report says it does", { timeout: 10 * MINUTES }, async (_, options) => {
    await using arena = await openArena(options);
    await expectContained(escapes, arena);
  });

  test("an escape does harm where nothing holds it in, and that is seen", { timeout: 10 * MINUTES }, async () => {
    const harmless: string[] = [];
    const tried = [...outside, ...inside].filter(({ isTriedOutside = true }) => isTriedOutside);
    const lane = async (waiting: Iterable<Escape>) => {
      for (const escape of waiting) {
        await using arena = await openArena(everything);
        const shown = await runOutside(escape, arena);
        const isSeen = escape.shows?.test(shown) === false || (await isHarmed(arena, shown));
        if (!isSeen) harmless.push(`${escape.name}: ${shown.slice(0, 300)}`);
      }
    };
    const waiting = tried.values();
    await Promise.all([lane(waiting), lane(waiting)]);
    expect(harmless).toEqual([]);
  });

  test("rounds of attacks leave no process, no descriptor and no file behind", { timeout: 10 * MINUTES }, async () => {
    await using arena = await openArena(everything, engine);
    await runAttacks(attacksOfRound(families, 0, arena), arena, AT_ONCE);
    const before = takeCensus(temporary);
    for (const round of [1, 2, 3]) {
      const { faults } = await runAttacks(attacksOfRound(families, round, arena), arena, AT_ONCE);
      expect(faults).toEqual([]);
    }
    await eventually(() => isNoMoreThan(takeCensus(temporary), before), MINUTES, "all is gone");
  });
});
