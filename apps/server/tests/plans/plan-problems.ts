import { type HotRead, type RanPlan, rowsSeen, stepsOf } from "@stoa/testkit";

/** What one statement may look at, and sort: a few pages' worth, whatever the tables hold. */
const MOST_ROWS = 2_500;

/**
 * What is wrong with how statements ran: that they would get slower as tables grow. `[]` when nothing is.
 * @param limits.rows what each may look at; it may sort half of that
 * @param limits.readThrough tables that count against those rows alone, where of any other a few pages' worth may be read through
 */
export function planProblems(
  ran: readonly RanPlan[],
  { rows: mostRows = MOST_ROWS, readThrough = [] }: Pick<HotRead, "rows" | "readThrough"> = {},
): string[] {
  return ran.flatMap(({ text, plan }) => {
    const problems: string[] = [];
    let seen = 0;
    for (const step of stepsOf(plan)) {
      const type = step["Node Type"];
      if (type === "Sort" || type === "Incremental Sort") {
        const [from] = step.Plans ?? [];
        const sorted = from ? from["Actual Rows"] * from["Actual Loops"] : 0;
        if (sorted > mostRows / 2) problems.push(`${sorted} rows are sorted`);
      }
      if (step["Relation Name"] === undefined || type === "ModifyTable") continue;
      seen += rowsSeen(step);
      const table = step["Relation Name"];
      if (type === "Seq Scan" && rowsSeen(step) > MOST_ROWS && !readThrough.includes(table))
        problems.push(`${table} is read through: ${rowsSeen(step)} rows`);
    }
    if (seen > mostRows) problems.push(`${Math.round(seen)} rows are looked at, at most ${mostRows} are wanted`);
    return problems.map((problem) => `${problem}: ${text.replaceAll(/\s+/g, " ").slice(0, 300)}`);
  });
}

/** The tables a plan touched. */
export function tablesIn(ran: readonly RanPlan[]): string[] {
  const names = ran.flatMap(({ plan }) => stepsOf(plan).flatMap((step) => step["Relation Name"] ?? []));
  return [...new Set(names)];
}

/** The indexes a plan used. */
export function indexesIn(ran: readonly RanPlan[]): string[] {
  return [...new Set(ran.flatMap(({ plan }) => stepsOf(plan).flatMap((step) => step["Index Name"] ?? [])))];
}
