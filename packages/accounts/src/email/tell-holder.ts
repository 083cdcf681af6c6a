import { insertMail, type Queryable } from "@stoa/store";
import type { AccountsContext } from "../accounts-context.ts";
import { changedMail } from "./email-mails.ts";
import { emailOrNull } from "./email-text.ts";

const NOTICE_MS = 86_400_000;

/** Mails an account's holder that something of the account was changed, should it not have been them. */
export async function tellHolder(
  { baseUrl, now }: AccountsContext,
  tx: Queryable,
  accountId: string,
  what: string,
): Promise<void> {
  const [account] = await tx.query<{ email: string }>("select email from accounts where id = $1", [accountId]);
  const email = emailOrNull(account?.email ?? "");
  if (email) await insertMail(tx, changedMail(email, { baseUrl, what }), { now: now(), expiresAt: now() + NOTICE_MS });
}
