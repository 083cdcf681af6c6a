import { createHash } from "node:crypto";
import { StoaError } from "@stoa/protocol";
import type { Queryable } from "@stoa/store";
import type { AccountsContext } from "../accounts-context.ts";

/** How often something may be tried in a while. */
export interface AttemptLimit {
  what: string;
  most: number;
  withinMs: number;
}

const MINUTE = 60_000;

/** Passwords for one address from one place: a person who mistypes is let in, a list of passwords is not gone through. */
export const PASSWORDS_HERE: AttemptLimit = { what: "password here", most: 10, withinMs: 15 * MINUTE };
/** Passwords for one address from anywhere: many machines together do not get far, and one alone does not lock its owner out. */
export const PASSWORDS: AttemptLimit = { what: "password", most: 100, withinMs: 60 * MINUTE };
/** Mails to one address: nobody's mailbox is filled by us. */
export const MAILS: AttemptLimit = { what: "mail", most: 5, withinMs: 60 * MINUTE };

/** Mails that one client, or one account, has us send. */
export const MAILS_FROM: AttemptLimit = { what: "mail from", most: 30, withinMs: 60 * MINUTE };
/** Codes of a second factor for one account: a million of them are not gone through. */
export const SECOND_FACTORS: AttemptLimit = { what: "second factor", most: 5, withinMs: 15 * MINUTE };
/** How often one code of an app may be used while it is shown, and a little before and after. */
export const CODE_USES: AttemptLimit = { what: "code", most: 1, withinMs: 3 * MINUTE };

function keyOf({ what }: AttemptLimit, whose: string): string {
  return createHash("sha256")
    .update(JSON.stringify([what, whose]))
    .digest("hex");
}

/** Counts an attempt, before it is made: those that come at once are each counted. @returns whether it may be made */
export async function countAttempt(context: AccountsContext, limit: AttemptLimit, whose: string): Promise<boolean> {
  return (await count(context, limit, whose)).isAllowed;
}

/**
 * Counts an attempt, before it is made.
 * @throws {StoaError} `too_many_requests` when there were too many
 */
export async function takeAttempt(context: AccountsContext, limit: AttemptLimit, whose: string): Promise<void> {
  const { isAllowed, endsAt } = await count(context, limit, whose);
  if (isAllowed) return;
  const retryAfterSeconds = Math.max(1, Math.ceil((endsAt - context.now()) / 1000));
  throw new StoaError("too_many_requests", `too many attempts; try again in ${retryAfterSeconds} s`, {
    details: { retryAfterSeconds },
  });
}

async function count(context: AccountsContext, limit: AttemptLimit, whose: string) {
  const now = context.now();
  const { database } = context;
  const [row] = await database.query<{ count: number; ends_at: number }>(
    `insert into sign_in_attempts as kept (key, count, ends_at) values ($1, 1, $3)
     on conflict (key) do update
       set count = case when kept.ends_at <= $2 then 1 else kept.count + 1 end,
           ends_at = case when kept.ends_at <= $2 then $3 else kept.ends_at end
     returning count, ends_at`,
    [keyOf(limit, whose), new Date(now), new Date(now + limit.withinMs)],
  );
  const { count: made = 1, ends_at: endsAt = now } = row ?? {};
  if (made === 1) await database.query("delete from sign_in_attempts where ends_at <= $1", [new Date(now)]);
  return { isAllowed: made <= limit.most, endsAt };
}

/** Forgets attempts: the last one was right. */
export async function forgetAttempts(database: Queryable, limit: AttemptLimit, whose: string): Promise<void> {
  await database.query("delete from sign_in_attempts where key = $1", [keyOf(limit, whose)]);
}
