import { AUDIT_GENESIS, type AuditEntry, type Hash, hashAuditEntry, type Json } from "@stoa/protocol";
import type { Queryable } from "../database/database.ts";

/** One act, before the log gives it its place. */
export interface Act {
  /** The wallet that acts, or `system`. */
  actor: string;
  /** Such as `agent.suspend`. */
  action: string;
  subject: string;
  reason: string;
  details?: Json;
  /** Epoch milliseconds. */
  at: number;
}

/** Held by whoever appends, so that each entry follows the last. */
const LOCK = "stoa audit";

/** Appends to the audit log, in the transaction that does what it tells. */
export async function appendAudit(tx: Queryable, { at, details = {}, ...act }: Act): Promise<AuditEntry> {
  await tx.query("select pg_advisory_xact_lock(hashtext($1))", [LOCK]);
  const [last] = await tx.query<{ position: bigint; hash: Hash }>(
    "select position, hash from audit_entries order by position desc limit 1",
  );
  const unhashed = {
    position: Number(last?.position ?? 0n) + 1,
    at: new Date(at).toISOString(),
    ...act,
    details,
    previous: last?.hash ?? AUDIT_GENESIS,
  };
  const entry = { ...unhashed, hash: hashAuditEntry(unhashed) };
  await tx.query(
    `insert into audit_entries (position, at, actor, action, subject, reason, details, previous, hash)
     values ($1, $2, $3, $4, $5, $6, $7::jsonb, $8, $9)`,
    [
      entry.position,
      entry.at,
      entry.actor,
      entry.action,
      entry.subject,
      entry.reason,
      JSON.stringify(entry.details),
      entry.previous,
      entry.hash,
    ],
  );
  return entry;
}
