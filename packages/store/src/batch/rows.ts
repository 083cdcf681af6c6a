/** Rows for `json_to_recordset`: instants as ISO text, integers as text, documents as they are. */
export function toRows(records: readonly unknown[]): string {
  return JSON.stringify(records, (_key, value: unknown) => (typeof value === "bigint" ? value.toString() : value));
}

/** An instant for a `timestamptz` column. */
export function toInstant(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
