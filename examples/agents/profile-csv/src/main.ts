import type { AgentContext } from "@stoa/agent-kit";
import { inferType, isMissing } from "./infer-type.ts";
import { parseCsv, sniffDelimiter } from "./parse-csv.ts";
import { type ColumnProfile, profileColumn } from "./profile-column.ts";

export interface ProfileInput {
  csv: string;
  delimiter?: string;
  header?: boolean;
  topValues?: number;
}
export interface ProfileOutput {
  table: {
    rows: number;
    columns: number;
    delimiter: string;
    header: boolean;
    duplicateRows: number;
    raggedRows: number;
    missingCells: number;
  };
  columns: ColumnProfile[];
  warnings: string[];
}

const DEFAULT_TOP_VALUES = 5;
const MOST_WARNINGS = 20;
const MOST_COLUMNS = 500;

/**
 * Whether the first row names the columns: no cell of it is empty, repeated, a number or a date, and either some
 * column below it is typed or its words never come again in their columns.
 */
function looksLikeHeader(rows: readonly string[][]): boolean {
  const [first, ...rest] = rows;
  if (!first || rest.length === 0) return false;
  const names = first.map((name) => name.trim());
  if (new Set(names).size !== names.length) return false;
  if (names.some((name) => isMissing(name) || inferType([name]) !== "text")) return false;
  const sample = rest.slice(0, 100);
  return first.some((name, column) => {
    const below = sample.map((row) => row[column] ?? "").filter((value) => !isMissing(value));
    return below.length > 0 && (inferType(below) !== "text" || !below.includes(name));
  });
}

function countDuplicates(rows: readonly string[][]): number {
  return rows.length - new Set(rows.map((row) => JSON.stringify(row))).size;
}

/** Columns' names, with a number for those that have none and behind those that stand twice. */
function columnNames(first: readonly string[] | undefined, width: number): string[] {
  const used = new Map<string, number>();
  return Array.from({ length: width }, (_, index) => {
    const name = first?.[index]?.trim() || `column ${index + 1}`;
    const times = (used.get(name) ?? 0) + 1;
    used.set(name, times);
    return times === 1 ? name : `${name} (${times})`;
  });
}

/** Profiles a CSV file. */
export function run(
  { csv, delimiter, header, topValues = DEFAULT_TOP_VALUES }: ProfileInput,
  context: AgentContext,
): ProfileOutput {
  const cut = delimiter ?? sniffDelimiter(csv);
  const { rows, warnings } = parseCsv(csv, cut);
  const named = header ?? looksLikeHeader(rows);
  const data = named ? rows.slice(1) : rows;
  const width = rows[0]?.length ?? 0;
  const ragged = data.filter((row) => row.length !== width).length;
  context.log(
    `${rows.length} rows, ${width} columns, delimiter ${JSON.stringify(cut)}, ${named ? "with" : "without"} header`,
  );
  context.progress(0.3, "parsed");

  if (ragged > 0)
    warnings.push(
      `${ragged} of ${data.length} rows do not have ${width} fields; missing fields count as missing, further ones are left out`,
    );
  if (width > MOST_COLUMNS) warnings.push(`only the first ${MOST_COLUMNS} of ${width} columns are profiled`);
  const names = columnNames(named ? rows[0] : undefined, Math.min(width, MOST_COLUMNS));
  const columns = names.map((name, index) => {
    context.progress(0.3 + 0.7 * (index / names.length), `profiling ${name}`);
    const values = data.map((row) => row[index] ?? "");
    return profileColumn(name, values, topValues);
  });
  context.progress(1, "done");
  if (warnings.length > MOST_WARNINGS)
    warnings.splice(MOST_WARNINGS, Infinity, `and ${warnings.length - MOST_WARNINGS} more`);
  return {
    table: {
      rows: data.length,
      columns: width,
      delimiter: cut,
      header: named,
      duplicateRows: countDuplicates(data),
      raggedRows: ragged,
      missingCells: columns.reduce((sum, column) => sum + column.missing, 0),
    },
    columns,
    warnings,
  };
}
