import { type Address, type Role, StoaError } from "@stoa/protocol";
import { appendAudit, type Queryable } from "@stoa/store";
import type { AccountsContext } from "../accounts-context.ts";
import { ensureAccount } from "../wallets/ensure-account.ts";
import type { AccountAct } from "./suspend-account.ts";

/**
 * Gives an account its roles. Its sessions end, so that no token says otherwise for long.
 * @throws {StoaError} `not_found`, `forbidden` when no admin would be left
 */
export async function setRoles(context: AccountsContext, act: AccountAct & { roles: readonly Role[] }): Promise<void> {
  const { accountId, actor, reason } = act;
  const roles = [...new Set(act.roles)].sort();
  await context.database.transaction(async (tx) => {
    // One at a time: two admins that take each other's role away would leave none.
    await tx.query("select 1 from accounts where 'admin' = any(roles) for update");
    const [account] = await tx.query<{ roles: Role[] }>("select roles from accounts where id = $1 for update", [
      accountId,
    ]);
    if (!account) throw new StoaError("not_found", `there is no account ${accountId}`);
    const before = account.roles.toSorted();
    if (before.join() === roles.join()) return;
    if (before.includes("admin") && !roles.includes("admin")) await requireAnotherAdmin(tx, accountId);
    await tx.query("update accounts set roles = $2::text[] where id = $1", [accountId, roles]);
    await tx.query("delete from sessions where account_id = $1", [accountId]);
    const details = { from: before, to: roles };
    await appendAudit(tx, { actor, action: "account.roles", subject: accountId, reason, details, at: context.now() });
  });
  context.liveSessions.forget(accountId);
}

async function requireAnotherAdmin(tx: Queryable, accountId: string): Promise<void> {
  const [other] = await tx.query("select 1 from accounts where 'admin' = any(roles) and id <> $1 limit 1", [accountId]);
  if (!other) throw new StoaError("forbidden", "this is the last admin: make another one first");
}

/** Makes wallets' accounts admins, those that are none yet: the ones the server's configuration names. */
export async function ensureAdmins(context: AccountsContext, wallets: readonly Address[]): Promise<void> {
  for (const wallet of wallets) {
    const { id: accountId, roles } = await ensureAccount(context, wallet);
    if (roles.includes("admin")) continue;
    const reason = "named in the server's configuration";
    await setRoles(context, { accountId, roles: [...roles, "admin"], actor: "system", reason });
  }
}
