import type { ReportKind, Resolution } from "@stoa/protocol";
import type { Queryable } from "../database/database.ts";
import { type Position, positionParams } from "./position.ts";

export interface ReportRow {
  id: string;
  at: number;
  reporter: string;
  kind: ReportKind;
  subject: string;
  text: string;
  resolution: Resolution | null;
  resolvedAt: number | null;
  answer: string | null;
}

const COLUMNS = `id, at, reporter, kind, subject, text, resolution, resolved_at as "resolvedAt", answer`;

/**
 * Files a report, unless its reporter has `most` that nobody has looked at.
 * @returns undefined when it has
 */
export async function fileReport(
  database: Queryable,
  report: Pick<ReportRow, "id" | "at" | "reporter" | "kind" | "subject" | "text">,
  most: number,
): Promise<ReportRow | undefined> {
  const { id, at, reporter, kind, subject, text } = report;
  const [row] = await database.query<ReportRow>(
    `insert into reports (id, at, reporter, kind, subject, text)
     select $1, $2::timestamptz, $3, $4, $5, $6
      where (select count(*) from reports where reporter = $3 and resolution is null) < $7
     returning ${COLUMNS}`,
    [id, new Date(at).toISOString(), reporter, kind, subject, text, most],
  );
  return row;
}

/** Those that wait, the oldest first, or those that are resolved, the newest first. */
export function listReports(
  database: Queryable,
  { resolved, after, limit }: { resolved: boolean; after?: Position | undefined; limit: number },
): Promise<ReportRow[]> {
  const [order, beyond] = resolved ? ["desc", "<"] : ["asc", ">"];
  return database.query<ReportRow>(
    `select ${COLUMNS} from reports
      where resolution is ${resolved ? "not " : ""}null
        and ($1::timestamptz is null or (at, id) ${beyond} ($1, $2::text))
      order by at ${order}, id ${order} limit $3`,
    [...positionParams(after), limit],
  );
}

/** Resolves a report that waits. @returns it as it is now, and whether this resolved it; undefined when there is none */
export async function resolveReport(
  tx: Queryable,
  { id, resolution, answer, by, at }: { id: string; resolution: Resolution; answer: string; by: string; at: number },
): Promise<{ report: ReportRow; isResolvedNow: boolean } | undefined> {
  const [resolved] = await tx.query<ReportRow>(
    `update reports set resolution = $2, answer = $3, resolved_by = $4, resolved_at = $5::timestamptz
      where id = $1 and resolution is null returning ${COLUMNS}`,
    [id, resolution, answer, by, new Date(at).toISOString()],
  );
  if (resolved) return { report: resolved, isResolvedNow: true };
  const [report] = await tx.query<ReportRow>(`select ${COLUMNS} from reports where id = $1`, [id]);
  return report && { report, isResolvedNow: false };
}
