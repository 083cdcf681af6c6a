import { describe, expect, it } from "vitest";
import { laws } from "../../tests/laws/laws.ts";

describe("the auction's laws", { timeout: 120_000 }, () => {
  it.each(laws)("$promise", async ({ hold, runs }) => {
    await expect(hold(runs)).resolves.toBeUndefined();
  });

  it("are held against at least two thousand markets in every run", () => {
    expect(laws.reduce((sum, { runs }) => sum + runs, 0)).toBeGreaterThanOrEqual(2_000);
  });
});
