import { randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { runNode } from "../test/run-node.ts";
import { runStages } from "../test/run-stages.ts";
import type { Stage } from "../test/stages.ts";
import { readTally } from "../test/tally.ts";

function setup() {
  const root = mkdtempSync(join(tmpdir(), "stoa-stages-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const stage = (name: string, source: string): Stage => ({
    name,
    about: name,
    filtered: false,
    run: async (run) => {
      const { output, code } = await runNode(run, ["-e", source]);
      return readTally(output, code);
    },
  });
  return {
    run: { root, filters: [], runId: randomUUID() },
    stage,
    read: (file: string) => readFileSync(join(root, file), "utf8"),
  };
}

test("counts are summed over the stages, and one that fails does not keep the next from running", async () => {
  const { run, stage } = setup();
  const stages = [
    stage("first", 'console.log("2 passed, 1 failed"); process.exitCode = 1'),
    stage("second", 'console.log("3 passed, 0 failed, 1 skipped")'),
  ];
  expect(await runStages(stages, run)).toEqual({ passed: 5, failed: 1, skipped: 1 });
});

test.runIf(process.platform === "linux")("a process a stage leaves running fails the run and is stopped", async () => {
  const { run, stage, read } = setup();
  const leaking = stage(
    "leaking",
    `const { spawn } = require("node:child_process");
     const inherited = spawn(process.execPath, ["-e", "setTimeout(() => {}, 20000)"], { stdio: "inherit", env: {} });
     require("node:fs").writeFileSync("pid", String(inherited.pid));
     console.log("1 passed, 0 failed");
     process.exit(0);`,
  );
  expect(await runStages([leaking], run)).toEqual({ passed: 1, failed: 1, skipped: 0 });
  const pid = Number(read("pid"));
  await expect.poll(() => isAlive(pid)).toBe(false);
});

function isAlive(pid: number): boolean {
  try {
    // A zombie still takes signals; its command line is empty.
    return readFileSync(`/proc/${pid}/cmdline`, "utf8") !== "";
  } catch {
    return false;
  }
}
