import type { OpenedRound } from "@stoa/market";
import type { Address, Hash, NodeId, RoundId } from "@stoa/protocol";
import { describe, expect, it } from "vitest";
import { gatherSheets } from "./gather-sheets.ts";
import { Punctuality } from "./punctuality.ts";

const NODE: NodeId = `0x${"11".repeat(20)}` as NodeId;
const OTHER: Address = `0x${"22".repeat(20)}`;
let made = 0;

function round(asked: readonly Address[], punctuality: Punctuality, windowMs: number): OpenedRound {
  made += 1;
  const openedAt = Date.now();
  return {
    roundId: `0x${made.toString(16).padStart(64, "0")}` as RoundId,
    opening: { asked: asked.map((node) => ({ node, provider: node })), openedAt, windowMs } as OpenedRound["opening"],
    signature: "0x",
    waitedFor: asked.filter((node) => punctuality.isPunctual(node)),
    closesAt: openedAt + windowMs,
  };
}

function setup() {
  const punctuality = new Punctuality();
  const told: NodeId[] = [];
  const announcer = {
    announce: ({ opening }: Pick<OpenedRound, "opening">) =>
      void told.push(...opening.asked.map(({ node }) => node as NodeId)),
  };
  const { signal } = new AbortController();
  return { punctuality, told, gathering: gatherSheets({ market: { now: Date.now }, announcer, signal }, punctuality) };
}

describe("gathering a round's sheets", () => {
  it("waits for a node no more that was late too often, asks it all the same, and waits again once it is in time", async () => {
    const { punctuality, told, gathering } = setup();
    for (let late = 0; late <= 10; late += 1) {
      expect(punctuality.isPunctual(NODE)).toBe(true);
      expect(await gathering.gather(round([NODE], punctuality, 5))).toMatchObject({ reason: "window_elapsed" });
    }
    expect(punctuality.isPunctual(NODE)).toBe(false);
    for (let inTime = 0; !punctuality.isPunctual(NODE); inTime += 1) {
      const opened = round([NODE, OTHER], punctuality, 60_000);
      const gathered = gathering.gather(opened);
      expect(told.slice(-2)).toContain(NODE);
      gathering.answered(opened.roundId, NODE, new Map());
      gathering.answered(opened.roundId, OTHER, new Map());
      expect(await gathered).toMatchObject({ reason: "all_answered" });
      expect(inTime).toBeLessThan(100);
    }
  });

  it("takes a node's first answer only, and what it told with it", async () => {
    const { punctuality, gathering } = setup();
    const opened = round([NODE, OTHER], punctuality, 60_000);
    const gathered = gathering.gather(opened);
    const task: Hash = `0x${"01".repeat(32)}`;
    gathering.answered(opened.roundId, NODE, new Map([[task, 5n]]));
    gathering.answered(opened.roundId, NODE, new Map([[task, 9n]]));
    gathering.stakeTooSmall(opened.roundId, NODE);
    gathering.stakeTooSmall(opened.roundId, OTHER);
    gathering.answered(opened.roundId, OTHER, new Map());
    const { asides } = await gathered;
    expect(asides.costs.get(NODE)?.get(task)).toBe(5n);
    expect([...asides.stakeTooSmall]).toEqual([OTHER]);
  });
});
