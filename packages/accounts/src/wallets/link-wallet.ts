import { randomUUID } from "node:crypto";
import { type LinkedWallet, StoaError } from "@stoa/protocol";
import type { AccountsContext } from "../accounts-context.ts";
import { tellHolder } from "../email/tell-holder.ts";
import type { Principal } from "../principal.ts";
import { linkStatement } from "./create-nonce.ts";
import { ownerOf } from "./find-or-make-account.ts";
import { proveWallet } from "./prove-wallet.ts";

/**
 * Links a wallet to the caller's account, by a message that names the account and that the wallet signed for this alone.
 * The first wallet that can hold money becomes the account's main one.
 * @throws {StoaError} `identity_taken` when it signs in to another account; as {@link proveWallet}
 */
export async function linkWallet(
  context: AccountsContext,
  { accountId }: Principal,
  signed: { message: string; signature: `0x${string}` },
): Promise<LinkedWallet> {
  const { database, liveSessions } = context;
  const statement = linkStatement(accountId);
  const wallet = await proveWallet(context, signed, { use: `link:${accountId}`, statement });
  const { kind, address } = wallet;
  const id = randomUUID();
  const at = new Date(context.now());
  const linked = await database.transaction(async (tx) => {
    await tx.query("select id from accounts where id = $1 for update", [accountId]);
    const [row] = await tx.query<{ is_primary: boolean }>(
      `insert into wallets (id, account_id, kind, address, is_primary, created_at)
       select $1, $2, $3, $4,
              $3 = 'ethereum' and not exists (select 1 from wallets where account_id = $2 and kind = 'ethereum'), $5
       on conflict (kind, address) do nothing returning is_primary`,
      [id, accountId, kind, address, at],
    );
    if (row) {
      await tellHolder(context, tx, accountId, "linked wallets");
      return { id, kind, address, isMain: row.is_primary, linkedAt: at.toISOString() };
    }
    const isOwn = (await ownerOf(tx, wallet)) === accountId;
    throw new StoaError(
      "identity_taken",
      isOwn ? `${address} is linked to this account already` : `${address} signs in to another account`,
    );
  });
  liveSessions.forget(accountId);
  return linked;
}
