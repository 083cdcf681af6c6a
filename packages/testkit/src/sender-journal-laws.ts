import type { SenderJournal, SentIntent, SignedTransaction } from "@stoa/chain";
import type { Hash } from "@stoa/protocol";
import { expect, it } from "vitest";

const hashOf = (n: number): Hash => `0x${n.toString(16).padStart(64, "0")}`;

function transaction(nonce: number, n = nonce): SignedTransaction {
  return { hash: hashOf(1_000 + n), nonce, raw: `0x0${n % 10}`, signedAt: 1_700_000_000_000, afterBlock: 12 };
}

function intent(n: number, nonce: number): SentIntent {
  const body = { doing: "paying", to: null, data: "0x", value: "1", subjects: ["a"], whenTaken: "move" } as const;
  return { id: hashOf(n), ...body, transactions: [transaction(nonce)], outcome: null };
}

const done = { state: "done", txHash: hashOf(1_007), reason: null } as const;

/** What every journal of a sender keeps to, whatever it is kept in. */
export function describeJournal(
  open: () => Promise<{ journal: SenderJournal; again(): Promise<SenderJournal> }>,
): void {
  it("keeps what was begun, with all its transactions, for whoever opens it next", async () => {
    const { journal, again } = await open();
    expect(await journal.begin(intent(1, 7))).toBe("begun");
    expect(await journal.add(hashOf(1), 1, transaction(7, 8))).toBe("added");
    const kept = { ...intent(1, 7), transactions: [transaction(7), transaction(7, 8)] };
    const next = await again();
    expect(await next.find(hashOf(1))).toEqual(kept);
    expect(await next.listOpen()).toEqual([kept]);
    expect(await next.listOfNonce(7)).toEqual([kept]);
    expect(await next.find(hashOf(2))).toBeNull();
  });

  it("gives no nonce to two open intents, and a settled one's to the next", async () => {
    const { journal } = await open();
    await journal.begin(intent(1, 7));
    expect(await journal.begin(intent(2, 7))).toBe("nonce taken");
    expect(await journal.begin(intent(2, 8))).toBe("begun");
    expect(await journal.add(hashOf(2), 1, transaction(7, 9))).toBe("nonce taken");
    await journal.settle(hashOf(1), 1, done);
    expect(await journal.add(hashOf(2), 1, transaction(7, 9))).toBe("added");
    expect((await journal.listOpen()).map(({ id }) => id)).toEqual([hashOf(2)]);
  });

  it("lists what is open by nonce", async () => {
    const { journal } = await open();
    for (const [n, nonce] of [
      [1, 9],
      [2, 7],
      [3, 8],
    ] as const)
      await journal.begin(intent(n, nonce));
    expect((await journal.listOpen()).map(({ id }) => id)).toEqual([hashOf(2), hashOf(3), hashOf(1)]);
  });

  it("begins nothing twice, unless it failed", async () => {
    const { journal } = await open();
    await journal.begin(intent(1, 7));
    expect(await journal.begin(intent(1, 8))).toBe("known");
    await journal.settle(hashOf(1), 1, { state: "refused", txHash: null, reason: "no" });
    expect(await journal.begin(intent(1, 8))).toBe("begun");
    await journal.settle(hashOf(1), 1, done);
    expect(await journal.begin(intent(1, 9))).toBe("known");
    expect((await journal.find(hashOf(1)))?.outcome).toEqual(done);
  });

  it("lets only the first of two that act on the same knowledge change an intent", async () => {
    const { journal } = await open();
    await journal.begin(intent(1, 7));
    const answers = await Promise.all([
      journal.add(hashOf(1), 1, transaction(7, 8)),
      journal.add(hashOf(1), 1, transaction(8, 9)),
    ]);
    expect(answers.toSorted()).toEqual(["added", "changed"]);
    await journal.settle(hashOf(1), 1, done);
    expect((await journal.find(hashOf(1)))?.outcome).toBeNull();
    await journal.settle(hashOf(1), 2, done);
    expect(await journal.add(hashOf(1), 2, transaction(7, 10))).toBe("changed");
  });
}
