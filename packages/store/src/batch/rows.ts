/*
 * Rows go to PostgreSQL as one array for each column: it costs the server half of what rows of JSON do, which it takes
 * apart by name, one by one. It reads an array's own text form character by character, so what is long goes as one text
 * between separators instead, which neither a word nor JSON can hold.
 */

/**
 * A batch of rows as `unnest` takes them: the columns' types by name, in order. Beside PostgreSQL's own there are
 *
 * - `word`: text of letters, digits and signs, never empty, as a hash, a signature, or a name the market gives
 * - `instant`: a `timestamptz`, given in epoch milliseconds
 */
export type ColumnTypes = Readonly<Record<string, string>>;

/** What a column of a row may hold: documents for `json` and `jsonb`, integers beyond 2^53 as text. */
export type Row = Readonly<Record<string, string | number | object | null>>;

/** ASCII's record separator. */
const SEPARATOR = "\x1e";

/**
 * The source of a statement's rows, under the name `row`, from parameters that begin with `$first`.
 * @example
 * rowsOf({ id: "text", price: "bigint" }) // "unnest($1::text[], $2::bigint[]) as row (id, price)"
 */
export function rowsOf(types: ColumnTypes, first = 1): string {
  const given = Object.values(types).map((type, at) => toArray(type, `$${first + at}`));
  const unnested = `unnest(${given.join(", ")}) as row (${columnsOf(types)})`;
  if (!Object.values(types).includes("instant")) return unnested;
  const columns = Object.entries(types).map(([name, type]) =>
    type === "instant" ? `to_timestamp("${name}" / 1000) as "${name}"` : `"${name}"`,
  );
  return `(select ${columns.join(", ")} from ${unnested}) as row`;
}

function toArray(type: string, param: string): string {
  const separated = `string_to_array(${param}::text, e'\\x1e', '')`;
  if (type === "word") return separated;
  if (isDocument(type)) return `${separated}::${type}[]`;
  return `${param}::${type === "instant" ? "float8" : type}[]`;
}

/** The columns' names, as they stand in SQL. */
export function columnsOf(types: ColumnTypes): string {
  return Object.keys(types)
    .map((name) => `"${name}"`)
    .join(", ");
}

/** The parameters of {@link rowsOf}. */
export function toColumns(types: ColumnTypes, rows: readonly Row[]): string[] {
  return Object.entries(types).map(([name, type]) => {
    const values = rows.map((row) => row[name] ?? null);
    if (type === "word") return toWords(values as (string | null)[]);
    if (isDocument(type)) return toWords(values.map((value) => (value === null ? null : JSON.stringify(value))));
    return toColumn(values as (string | number | null)[]);
  });
}

function isDocument(type: string): boolean {
  return type === "json" || type === "jsonb";
}

function toWords(values: readonly (string | null)[]): string {
  // A null is joined as nothing.
  return values.join(SEPARATOR);
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

/** An instant for a `timestamptz` parameter. */
export function toInstant(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
