export interface BenchReport {
  /** The bench's folder. */
  name: string;
  title: string;
  /** Column heads; the first column names the row. */
  columns: readonly string[];
  rows: readonly (readonly (string | number)[])[];
  /** Measured values by name with their unit in it, such as `pgliteLifecyclesPerSecond`. */
  figures: Readonly<Record<string, number>>;
  /** Values that do not depend on the machine: one figure beside another of the same run. */
  ratios: Readonly<Record<string, number>>;
  /** What a reader must know to judge the figures: sizes, versions, settings. */
  notes?: readonly string[];
}

/**
 * Prints a bench's table, and with `--json` one line `{"name","figures","ratios"}` as the last line.
 * @example
 * printReport({ name: "clearing", title: "Clearing a round", columns: ["tasks", "ms"], rows: [[1000, 24.6]],
 *   figures: { clear1000Ms: 24.6 }, ratios: {} })
 */
export function printReport(report: BenchReport, args: readonly string[] = process.argv): void {
  console.log(formatReport(report));
  if (args.includes("--json")) {
    console.log(JSON.stringify({ name: report.name, figures: report.figures, ratios: report.ratios }));
  }
}

/** The table as text: the first column to the left, figures to the right. */
export function formatReport({ title, columns, rows, notes = [] }: BenchReport): string {
  const cells = [columns, ...rows].map((row) => row.map(formatCell));
  const widths = columns.map((_, column) => Math.max(...cells.map((row) => (row[column] ?? "").length)));
  const lines = cells.map((row) =>
    widths
      .map((width, column) => (column === 0 ? (row[column] ?? "").padEnd(width) : (row[column] ?? "").padStart(width)))
      .join("  ")
      .trimEnd(),
  );
  const [head = "", ...body] = lines;
  const rule = "─".repeat(Math.max(...lines.map((line) => line.length)));
  return ["", title, "", head, rule, ...body, ...(notes.length > 0 ? ["", ...notes] : []), ""].join("\n");
}

function formatCell(value: string | number): string {
  if (typeof value === "string") return value;
  const decimals = Number.isInteger(value) || Math.abs(value) >= 1_000 ? 0 : Math.abs(value) >= 10 ? 1 : 3;
  return value.toLocaleString("en", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}
