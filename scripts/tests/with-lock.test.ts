import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";

const withLock = join(import.meta.dirname, "../run/with-lock.mjs");

/** Appends "in" and "out" to the journal around some work, under the lock. */
const WORKER = `
  import { appendFileSync } from "node:fs";
  import { setTimeout as wait } from "node:timers/promises";
  const { withLock } = await import(${JSON.stringify(withLock)});
  const [lock, journal] = process.argv.slice(1);
  await withLock(lock, async () => {
    appendFileSync(journal, "in ");
    await wait(50);
    appendFileSync(journal, "out ");
  });
`;

function setup() {
  const folder = mkdtempSync(join(tmpdir(), "stoa-lock-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const lock = join(folder, "lock");
  const journal = join(folder, "journal");
  writeFileSync(journal, "");
  const work = async () => {
    const child = spawn(process.execPath, ["--input-type=module", "-e", WORKER, lock, journal], { stdio: "ignore" });
    const [code] = (await once(child, "exit")) as [number | null];
    return code;
  };
  return { lock, work, readJournal: () => readFileSync(journal, "utf8") };
}

test("processes that want the same lock work one after the other", async () => {
  const { lock, work, readJournal } = setup();
  expect(await Promise.all([work(), work(), work()])).toEqual([0, 0, 0]);
  expect(readJournal()).toBe("in out ".repeat(3));
  expect(existsSync(lock)).toBe(false);
});

test("a lock left by a process that died is taken over, by one at a time", async () => {
  const { lock, work, readJournal } = setup();
  const dead = spawn(process.execPath, ["-e", ""], { stdio: "ignore" });
  await once(dead, "exit");
  writeFileSync(lock, String(dead.pid));
  expect(await Promise.all([work(), work(), work()])).toEqual([0, 0, 0]);
  expect(readJournal()).toBe("in out ".repeat(3));
});
