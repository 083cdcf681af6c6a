import { StoaError } from "@stoa/protocol";
import { appendAudit } from "@stoa/store";
import type { AccountsContext } from "../accounts-context.ts";
import { Suspensions } from "./suspensions.ts";

export interface AccountAct {
  accountId: string;
  /** The wallet that acts, or `system`. */
  actor: string;
  reason: string;
}

/**
 * Takes no request of an account's sessions or keys, and no sign-in, until it is restored. What is its in the vault stays
 * its to withdraw.
 * @throws {StoaError} `not_found`, `forbidden` for who would suspend an admin: that takes the role away first
 */
export async function suspendAccount(context: AccountsContext, act: AccountAct): Promise<void> {
  const { accountId, actor, reason } = act;
  await context.database.transaction(async (tx) => {
    const [account] = await tx.query<{ isAdmin: boolean; isOut: boolean }>(
      `select 'admin' = any(roles) as "isAdmin", suspended_for is not null as "isOut"
         from accounts where id = $1 for update`,
      [accountId],
    );
    if (!account) throw new StoaError("not_found", `there is no account ${accountId}`);
    if (account.isAdmin) throw new StoaError("forbidden", "an admin is not suspended: take the role away first");
    if (account.isOut) return;
    await tx.query("update accounts set suspended_for = $2 where id = $1", [accountId, reason]);
    await appendAudit(tx, { actor, action: "account.suspend", subject: accountId, reason, at: context.now() });
    await Suspensions.tell(tx);
  });
  context.suspensions.forget();
  context.liveSessions.forget(accountId);
}

/** Lets a suspended account sign in again. @throws {StoaError} `not_found` */
export async function restoreAccount(context: AccountsContext, act: AccountAct): Promise<void> {
  const { accountId, actor, reason } = act;
  await context.database.transaction(async (tx) => {
    const [account] = await tx.query<{ isOut: boolean }>(
      `select suspended_for is not null as "isOut" from accounts where id = $1 for update`,
      [accountId],
    );
    if (!account) throw new StoaError("not_found", `there is no account ${accountId}`);
    if (!account.isOut) return;
    await tx.query("update accounts set suspended_for = null where id = $1", [accountId]);
    await appendAudit(tx, { actor, action: "account.restore", subject: accountId, reason, at: context.now() });
    await Suspensions.tell(tx);
  });
  context.suspensions.forget();
  context.liveSessions.forget(accountId);
}
