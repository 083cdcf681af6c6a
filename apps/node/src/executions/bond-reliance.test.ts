import { describe, expect, it } from "vitest";
import { createBondReliance } from "./bond-reliance.ts";

const one = `0x${"1".repeat(40)}` as const;
const two = `0x${"2".repeat(40)}` as const;

describe("what a node relies on the operator's bond for", () => {
  it("is never more than the bond, over all requesters together", async () => {
    const covers = createBondReliance(async () => ({ amount: 10n, untilMs: 1_000 }));
    expect(await covers({ requester: one, lacking: 6n, settleByMs: 500 }, 0)).toBe(true);
    expect(await covers({ requester: two, lacking: 5n, settleByMs: 500 }, 0)).toBe(false);
    expect(await covers({ requester: two, lacking: 4n, settleByMs: 500 }, 0)).toBe(true);
    expect(await covers({ requester: one, lacking: 7n, settleByMs: 500 }, 0)).toBe(false);
  });

  it("counts a requester's newest hold, which says what its earlier orders lack as well", async () => {
    const covers = createBondReliance(async () => ({ amount: 10n, untilMs: 1_000 }));
    for (const lacking of [6n, 8n, 10n]) {
      expect(await covers({ requester: one, lacking, settleByMs: 500 }, 0)).toBe(true);
    }
  });

  it("is free again once the order can no longer be settled, and not before", async () => {
    const covers = createBondReliance(async () => ({ amount: 10n, untilMs: 9_000 }));
    await covers({ requester: one, lacking: 10n, settleByMs: 500 }, 0);
    await covers({ requester: one, lacking: 10n, settleByMs: 400 }, 0);
    expect(await covers({ requester: two, lacking: 1n, settleByMs: 900 }, 500)).toBe(false);
    expect(await covers({ requester: two, lacking: 10n, settleByMs: 900 }, 501)).toBe(true);
  });

  it("is nothing for an order that outlasts the bond, or while the chain is away", async () => {
    const outlasting = createBondReliance(async () => ({ amount: 10n, untilMs: 1_000 }));
    expect(await outlasting({ requester: one, lacking: 1n, settleByMs: 1_001 }, 0)).toBe(false);
    expect(await createBondReliance(async () => null)({ requester: one, lacking: 1n, settleByMs: 1 }, 0)).toBe(false);
  });
});
