import type { Identities, LinkedWallet } from "@stoa/protocol";
import type { AccountsContext } from "../accounts-context.ts";
import { emailOrNull } from "../email/email-text.ts";
import { findPassword, PASSWORD_PROVIDER } from "../email/find-password.ts";
import type { Principal } from "../principal.ts";

/** All that signs in to the caller's account. */
export async function listIdentities(
  { database, oidc }: AccountsContext,
  { accountId }: Principal,
): Promise<Identities> {
  const [account] = await database.query<{ email: string; hasSecondFactor: boolean }>(
    `select email, two_factor_enabled as "hasSecondFactor" from accounts where id = $1`,
    [accountId],
  );
  const wallets = await database.query<Omit<LinkedWallet, "linkedAt"> & { linkedAt: number }>(
    `select id, kind, address, is_primary and kind = 'ethereum' as "isMain", created_at as "linkedAt"
       from wallets where account_id = $1 order by is_primary desc, created_at, id`,
    [accountId],
  );
  const providers = await database.query<{ id: string; issuer: string; subject: string; linkedAt: number }>(
    `select id, provider_id as issuer, provider_account_id as subject, created_at as "linkedAt"
       from credentials where account_id = $1 and provider_id <> $2 order by created_at, id`,
    [accountId, PASSWORD_PROVIDER],
  );
  const passkeys = await database.query<{ id: string; name: string; createdAt: number; lastUsedAt: number | null }>(
    `select id, name, created_at as "createdAt", last_used_at as "lastUsedAt"
       from passkeys where account_id = $1 order by created_at, id`,
    [accountId],
  );
  return {
    email: emailOrNull(account?.email ?? ""),
    hasPassword: (await findPassword(database, accountId)) !== null,
    hasSecondFactor: account?.hasSecondFactor ?? false,
    providers: providers.map(({ linkedAt, ...linked }) => ({
      ...linked,
      name: oidc.nameOf(linked.issuer),
      linkedAt: new Date(linkedAt).toISOString(),
    })),
    passkeys: passkeys.map(({ createdAt, lastUsedAt, ...passkey }) => ({
      ...passkey,
      createdAt: new Date(createdAt).toISOString(),
      lastUsedAt: lastUsedAt === null ? null : new Date(lastUsedAt).toISOString(),
    })),
    wallets: wallets.map((wallet) => ({ ...wallet, linkedAt: new Date(wallet.linkedAt).toISOString() })),
  };
}
