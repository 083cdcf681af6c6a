import type { Queryable } from "../database/database.ts";

/** A column as an archive has it. */
export interface ArchiveColumn {
  name: string;
  /** PostgreSQL's name of its type. */
  type: string;
}

/** A table's columns in the order of an archive's lines: by name. */
export function columnsOf(database: Queryable, table: string): Promise<ArchiveColumn[]> {
  return database.query<ArchiveColumn>(
    `select attname as name, format_type(atttypid, atttypmod) as type from pg_attribute
      where attrelid = $1::regclass and attnum > 0 and not attisdropped order by attname collate "C"`,
    [`"${table}"`],
  );
}

/**
 * An SQL expression for a row as one line of an archive. PostgreSQL writes it and JavaScript never reads the numbers, so
 * that nothing is rounded on the way.
 */
export function lineOf(columns: readonly ArchiveColumn[]): string {
  const members = columns.map((column) => `'${JSON.stringify(column.name)}:' || ${valueOf(column)}`);
  return `'{' || ${members.join(" || ',' || ")} || '}'`;
}

function valueOf({ name, type }: ArchiveColumn): string {
  const column = `"${name}"`;
  return `coalesce(${jsonOf(column, type)}, 'null')`;
}

/** Documents and small numbers are JSON's own; everything else is text, which no reader of JSON rounds. */
function jsonOf(column: string, type: string): string {
  if (type === "json" || type === "jsonb" || type === "integer" || type === "boolean") return `${column}::text`;
  if (type === "timestamp with time zone")
    return `to_json(to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))::text`;
  if (type.endsWith("[]")) return `to_json(${column})::text`;
  return `to_json(${column}::text)::text`;
}
