import type { Queryable } from "@stoa/store";

/** The provider under which the sign-in library keeps passwords. */
export const PASSWORD_PROVIDER = "credential";

/** What is kept of an account's password; null when it has none. */
export async function findPassword(database: Queryable, accountId: string): Promise<string | null> {
  const [row] = await database.query<{ password: string }>(
    "select password from credentials where account_id = $1 and provider_id = $2 and password is not null",
    [accountId, PASSWORD_PROVIDER],
  );
  return row?.password ?? null;
}
