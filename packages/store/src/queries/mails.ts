import { randomUUID } from "node:crypto";
import type { Queryable } from "../database/database.ts";

/** A mail to one address, in plain text. */
export interface Mail {
  recipient: string;
  subject: string;
  body: string;
}

/** A mail that waits to be sent. Instants are epoch milliseconds. */
export interface WaitingMail extends Mail {
  id: string;
  /** How often it was tried. */
  attempts: number;
  /** When what it says is worth nothing any more. */
  expiresAt: number;
}

/** Promises a mail: in a transaction, it is sent if and only if what it tells of was done. */
export async function insertMail(
  database: Queryable,
  { recipient, subject, body }: Mail,
  { now, expiresAt }: { now: number; expiresAt: number },
): Promise<void> {
  await database.query(
    "insert into mails (id, recipient, subject, body, due_at, expires_at) values ($1, $2, $3, $4, $5, $6)",
    [randomUUID(), recipient, subject, body, new Date(now), new Date(expiresAt)],
  );
}

/** The mails to send now, the longest due first. */
export function listDueMails(database: Queryable, { now, limit }: { now: number; limit: number }) {
  return database.query<WaitingMail>(
    `select id, recipient, subject, body, attempts, expires_at as "expiresAt"
       from mails where due_at <= $1 order by due_at limit $2`,
    [new Date(now), limit],
  );
}

/** Has a mail that could not be sent tried again later. */
export async function putOffMail(database: Queryable, id: string, dueAt: number): Promise<void> {
  await database.query("update mails set attempts = attempts + 1, due_at = $2 where id = $1", [id, new Date(dueAt)]);
}

/** Forgets a mail: it was sent, or never will be. */
export async function deleteMail(database: Queryable, id: string): Promise<void> {
  await database.query("delete from mails where id = $1", [id]);
}
