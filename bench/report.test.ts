import { expect, test } from "vitest";
import { formatReport } from "./report.ts";

test("a bench's table lines up, figures to the right, in digits a person reads", () => {
  const text = formatReport({
    name: "lifecycles",
    title: "Durable life cycles",
    columns: ["database", "per second", "ratio"],
    rows: [
      ["PGlite", 12345.678, 1],
      ["PostgreSQL", 41.26, 0.5],
    ],
    figures: {},
    ratios: {},
    notes: ["5 bids a task"],
  });
  expect(text).toBe(`
Durable life cycles

database    per second  ratio
─────────────────────────────
PGlite          12,346      1
PostgreSQL        41.3  0.500

5 bids a task
`);
});
