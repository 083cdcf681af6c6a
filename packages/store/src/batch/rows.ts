/*
 * Rows go to PostgreSQL as one array for each column: it costs the server half of what rows of JSON do, which it takes
 * apart by name, one by one.
 */

/** A batch of rows as `unnest` takes them: the columns' types by name, in order. */
export type ColumnTypes = Readonly<Record<string, string>>;

/** What a column of a row may hold: documents for `json` and `jsonb`, instants as ISO text, integers beyond 2^53 as text. */
export type Row = Readonly<Record<string, string | number | object | null>>;

/**
 * The source of a statement's rows, under the name `row`, from parameters that begin with `$first`.
 * @example
 * rowsOf({ id: "text", price: "bigint" }) // "unnest($1::text[], $2::bigint[]) as row (id, price)"
 */
export function rowsOf(types: ColumnTypes, first = 1): string {
  const params = Object.values(types).map((type, at) => `$${first + at}::${type}[]`);
  return `unnest(${params.join(", ")}) as row (${columnsOf(types)})`;
}

/** The columns' names, as they stand in SQL. */
export function columnsOf(types: ColumnTypes): string {
  return Object.keys(types)
    .map((name) => `"${name}"`)
    .join(", ");
}

/** The parameters of {@link rowsOf}. */
export function toColumns(types: ColumnTypes, rows: readonly Row[]): string[] {
  return Object.keys(types).map((name) =>
    toColumn(
      rows.map((row) => {
        const value = row[name] ?? null;
        return typeof value === "object" && value !== null ? JSON.stringify(value) : value;
      }),
    ),
  );
}

/** One column, in PostgreSQL's text form of an array. */
export function toColumn(values: readonly (string | number | null)[]): string {
  let text = "{";
  for (const value of values) text += text.length === 1 ? toElement(value) : `,${toElement(value)}`;
  return `${text}}`;
}

/** Text that means only itself there. */
const PLAIN = /^[\w.:/-]+$/;

function toElement(value: string | number | null): string {
  if (value === null) return "null";
  if (typeof value === "number") return String(value);
  if (PLAIN.test(value) && value.toLowerCase() !== "null") return value;
  return `"${value.replaceAll(/["\\]/g, "\\$&")}"`;
}

/** An instant for a `timestamptz` column. */
export function toInstant(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
