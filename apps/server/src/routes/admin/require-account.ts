import type { AccountRow, Accounts } from "@stoa/accounts";
import { type OverseenAccount, StoaError } from "@stoa/protocol";
import Type from "typebox";
import { toIso } from "../../http/pagination.ts";

/** The path of a route on one account. */
export const AccountParamsSchema = Type.Object({ id: Type.String({ maxLength: 100, description: "an account's id" }) });

/** An account as admins see it. */
export function overseenAccount({ createdAt, ...account }: AccountRow): OverseenAccount {
  return { ...account, createdAt: toIso(createdAt) };
}

/** The account of a path. @throws {StoaError} `not_found` */
export async function requireAccount(accounts: Accounts, id: string): Promise<AccountRow> {
  const [account] = await accounts.listAccounts({ id, limit: 1 });
  if (!account) throw new StoaError("not_found", `there is no account ${id}`);
  return account;
}
