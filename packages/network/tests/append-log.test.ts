import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openAppendLog } from "../src/append-log.ts";

async function setup() {
  const folder = await mkdtemp(join(tmpdir(), "stoa-log-"));
  return { path: join(folder, "log.jsonl"), [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}

describe("a log that survives kill -9", () => {
  it("opens, cut off at any byte, with exactly the entries that were whole, and takes more", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ text: fc.string() }), { maxLength: 8 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        async (entries, part) => {
          await using room = await setup();
          const log = await openAppendLog(room.path);
          await Promise.all(entries.map((entry) => log.append(entry, true)));
          await log.close();
          const bytes = await readFile(room.path);
          const left = bytes.subarray(0, Math.floor(bytes.length * part));
          await writeFile(room.path, left);
          const whole = left.toString().split("\n").length - 1;

          const again = await openAppendLog(room.path);
          expect(again.entries).toEqual(entries.slice(0, whole));
          await again.append({ text: "more" }, true);
          await again.close();
          const last = await openAppendLog(room.path);
          expect(last.entries).toEqual([...entries.slice(0, whole), { text: "more" }]);
          await last.close();
        },
      ),
      { numRuns: 40 },
    );
  });

  it("has every entry once, in order, however appends and rewrites meet", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom("append", "append", "append", "rewrite", "pause"), { maxLength: 40 }),
        async (steps) => {
          await using room = await setup();
          const log = await openAppendLog(room.path);
          const state: number[] = [];
          const work: Promise<void>[] = [];
          for (const step of steps) {
            if (step === "pause") await new Promise((resolve) => setImmediate(resolve));
            else if (step === "rewrite") work.push(log.rewrite(() => [...state]));
            else {
              state.push(state.length);
              work.push(log.append(state.length - 1, state.length % 3 === 0));
            }
          }
          await Promise.all(work);
          await log.close();
          const again = await openAppendLog(room.path);
          expect(again.entries).toEqual(state);
          await again.close();
        },
      ),
      { numRuns: 40 },
    );
  });

  it("says so when it is damaged before its end", async () => {
    await using room = await setup();
    await writeFile(room.path, '{"a":1}\n{"b":\n{"c":3}\n');
    await expect(openAppendLog(room.path)).rejects.toMatchObject({
      code: "invalid_configuration",
      message: expect.stringContaining(room.path),
    });
  });
});
