import { type OverseenAccount, StoaError } from "@stoa/protocol";
import type { StoaClient } from "@stoa/sdk";

/** The account of a wallet or of this id. @throws {StoaError} `not_found` */
export async function findAccount(client: StoaClient, idOrWallet: string): Promise<{ id: string }> {
  if (!idOrWallet.startsWith("0x")) return { id: idOrWallet };
  const { items } = await client.admin.accounts({ address: idOrWallet as NonNullable<OverseenAccount["address"]> });
  const [account] = items;
  if (!account) throw new StoaError("not_found", `no account has the wallet ${idOrWallet}`);
  return account;
}
