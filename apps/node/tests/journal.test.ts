import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Hash, NodeMessages } from "@stoa/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Assignment, type Ending, openJournal } from "../src/journal.ts";

const hash = (index: number): Hash => `0x${index.toString(16).padStart(64, "0")}`;

async function setup() {
  const folder = await mkdtemp(join(tmpdir(), "stoa-journal-"));
  return {
    path: join(folder, "journal.jsonl"),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

const action = fc.oneof(
  fc.record({ kind: fc.constant("bid" as const), index: fc.nat(4) }),
  fc.record({ kind: fc.constant("undertake" as const), index: fc.nat(4) }),
  fc.record({ kind: fc.constant("sign" as const), index: fc.nat(4) }),
  fc.record({
    kind: fc.constant("end" as const),
    index: fc.nat(4),
    ending: fc.constantFrom<Ending>("delivered", "failed", "refused", "withdrawn"),
  }),
  fc.record({ kind: fc.constant("paid" as const), index: fc.nat(4) }),
  fc.record({ kind: fc.constant("reopen" as const) }),
);

describe("a node's journal", () => {
  it("knows after every restart what it knew before, and counts nothing twice", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 25 }), async (actions) => {
        await using room = await setup();
        const open = () => openJournal(room.path, () => 1_000);
        let journal = await open();
        const view = () => ({
          totals: journal.totals(),
          undertaken: journal.undertaken(),
          known: Array.from({ length: 5 }, (_, index) => journal.knows(hash(index))),
          signed: Array.from({ length: 5 }, (_, index) => journal.signedFor(hash(index))),
          answered: journal.answered(),
          bids: Array.from({ length: 5 }, (_, index) => journal.bidOn(hash(index), hash(index))),
        });
        for (const step of actions) {
          if (step.kind === "bid")
            await journal.bid(hash(step.index), {
              bids: [{ orderHash: hash(step.index), agentVersion: hash(9), ask: "7" }],
              expiresAtMs: 5_000,
              untilMs: 6_000,
            });
          else if (step.kind === "undertake" && !journal.knows(hash(step.index)))
            await journal.undertake({
              executionId: "0a",
              awardHash: hash(step.index),
              assignment: { taskId: hash(step.index) } as Assignment,
            });
          else if (step.kind === "sign")
            await journal.sign(hash(step.index), { taskId: hash(step.index) } as NodeMessages["delivered"]);
          else if (step.kind === "end") await journal.end(hash(step.index), hash(step.index), step.ending, 9_000, 3n);
          else if (step.kind === "paid") await journal.paid(hash(step.index));
          else if (step.kind === "reopen") {
            const before = view();
            await journal.close();
            journal = await open();
            expect(view()).toEqual(before);
          }
        }
        const before = view();
        expect(BigInt(before.totals.earned)).toBeLessThanOrEqual(3n * BigInt(before.totals.delivered));
        await journal.close();
        journal = await open();
        expect(view()).toEqual(before);
        await journal.close();
      }),
      { numRuns: 60 },
    );
  });

  it("forgets bids and awards that cannot come again, and keeps the sums", async () => {
    await using room = await setup();
    const first = await openJournal(room.path, () => 0);
    await first.bid(hash(1), {
      bids: [{ orderHash: hash(1), agentVersion: hash(9), ask: "7" }],
      expiresAtMs: 100,
      untilMs: 100,
    });
    await first.end(hash(1), hash(1), "delivered", 100, 5n);
    await first.paid(hash(1));
    await first.close();
    const later = await openJournal(room.path, () => 200);
    expect([later.bidOn(hash(1), hash(1)), later.knows(hash(1))]).toEqual([undefined, false]);
    expect(later.totals()).toEqual({ delivered: 1, failed: 0, earned: "5" });
    await later.close();
  });
});
