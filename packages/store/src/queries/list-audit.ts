import type { AuditEntry } from "@stoa/protocol";
import type { Queryable } from "../database/database.ts";

/** Entries of the audit log after a place in it, in its order. */
export async function listAudit(
  database: Queryable,
  { after, limit, subject }: { after: number; limit: number; subject?: string | undefined },
): Promise<AuditEntry[]> {
  const rows = await database.query<Omit<AuditEntry, "position" | "at"> & { position: bigint; at: number }>(
    `select position, at, actor, action, subject, reason, details, previous, hash from audit_entries
      where position > $1 and ($3::text is null or subject = $3) order by position limit $2`,
    [after, limit, subject ?? null],
  );
  return rows.map(({ position, at, ...entry }) => ({
    position: Number(position),
    at: new Date(at).toISOString(),
    ...entry,
  }));
}
