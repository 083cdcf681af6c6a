/** Rows for `json_to_recordset`: instants as ISO text, integers beyond 2^53 as text, documents as they are. */
export function toRows(records: readonly unknown[]): string {
  return JSON.stringify(records);
}

/** An instant for a `timestamptz` column. */
export function toInstant(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}

/** Characters that mean nothing in an array's text form. */
const PLAIN = /^[\w.:/-]+$/;

/**
 * A column for `unnest`, in PostgreSQL's text form of an array: it costs the server half of what rows of JSON do, where
 * rows are many and narrow.
 */
export function toColumn(values: readonly (string | null)[]): string {
  return `{${values.map(toElement).join(",")}}`;
}

function toElement(value: string | null): string {
  if (value === null) return "null";
  if (PLAIN.test(value) && value.toLowerCase() !== "null") return value;
  return `"${value.replaceAll(/["\\]/g, "\\$&")}"`;
}
