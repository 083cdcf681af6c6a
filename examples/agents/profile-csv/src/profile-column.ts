import { type ColumnType, dayOrderOf, inferType, isMissing, readDate, readNumber } from "./infer-type.ts";
import { type NumberSummary, quantile, summarizeNumbers } from "./statistics.ts";

export interface ColumnProfile {
  name: string;
  type: ColumnType;
  missing: number;
  distinct: number;
  topValues: { value: string; count: number }[];
  /** Present values that are not of the column's type; the first few as they stand. */
  invalid?: { count: number; examples: string[] };
  number?: NumberSummary;
  date?: { min: string; max: string; median: string };
  text?: { minLength: number; maxLength: number; meanLength: number };
  boolean?: { true: number; false: number };
  /** All present values differ: the column may identify its rows. */
  unique: boolean;
}

const MOST_EXAMPLES = 3;
const SHOWN_LENGTH = 100;
const TRUE = new Set(["true", "yes", "y", "t"]);

const shown = (value: string) => (value.length > SHOWN_LENGTH ? `${value.slice(0, SHOWN_LENGTH)}…` : value);

function topOf(values: readonly string[], most: number): { distinct: number; topValues: ColumnProfile["topValues"] } {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const top = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, most);
  return { distinct: counts.size, topValues: top.map(([value, count]) => ({ value: shown(value), count })) };
}

/** Reads every value that is of the column's type; the others are counted. */
function readAll(
  cells: readonly Cell[],
  read: (text: string) => number | undefined,
): { read: { row: number; value: number }[]; invalid: ColumnProfile["invalid"] } {
  const good: { row: number; value: number }[] = [];
  const bad: string[] = [];
  for (const { row, text } of cells) {
    const value = read(text);
    if (value === undefined) bad.push(text);
    else good.push({ row, value });
  }
  return {
    read: good,
    invalid: bad.length > 0 ? { count: bad.length, examples: bad.slice(0, MOST_EXAMPLES).map(shown) } : undefined,
  };
}

interface Cell {
  /** Data rows are counted from 1. */
  row: number;
  text: string;
}

function detailsOf(type: ColumnType, cells: readonly Cell[]): Partial<ColumnProfile> {
  switch (type) {
    case "integer":
    case "number": {
      const { read, invalid } = readAll(cells, readNumber);
      return { number: summarizeNumbers(read), ...(invalid && { invalid }) };
    }
    case "date": {
      const order = dayOrderOf(cells.map(({ text }) => text));
      const { read, invalid } = readAll(cells, (text) => readDate(text, order));
      const sorted = read.map(({ value }) => value).sort((a, b) => a - b);
      const iso = (at: number) => new Date(Math.round(at)).toISOString().replace("T00:00:00.000Z", "");
      return {
        date: { min: iso(sorted[0]!), max: iso(sorted.at(-1)!), median: iso(quantile(sorted, 0.5)) },
        ...(invalid && { invalid }),
      };
    }
    case "boolean": {
      const yes = cells.filter(({ text }) => TRUE.has(text.trim().toLowerCase())).length;
      return { boolean: { true: yes, false: cells.length - yes } };
    }
    case "text": {
      const lengths = cells.map(({ text }) => text.length);
      const sum = lengths.reduce((total, length) => total + length, 0);
      const shortest = lengths.reduce((low, length) => Math.min(low, length), Infinity);
      const longest = lengths.reduce((high, length) => Math.max(high, length), 0);
      return {
        text: { minLength: shortest, maxLength: longest, meanLength: Math.round((sum / lengths.length) * 100) / 100 },
      };
    }
    case "empty":
      return {};
  }
}

/** Profiles one column of a table. */
export function profileColumn(name: string, values: readonly string[], mostTop: number): ColumnProfile {
  const cells = values.map((text, index) => ({ row: index + 1, text })).filter(({ text }) => !isMissing(text));
  const present = cells.map(({ text }) => text);
  const type = inferType(present);
  const { distinct, topValues } = topOf(
    present.map((text) => text.trim()),
    mostTop,
  );
  return {
    name,
    type,
    missing: values.length - cells.length,
    distinct,
    unique: cells.length > 1 && distinct === cells.length,
    topValues,
    ...detailsOf(type, cells),
  };
}
