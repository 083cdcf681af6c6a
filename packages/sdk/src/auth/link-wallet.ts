import type { LinkedWallet, LinkNonce } from "@stoa/protocol";
import { createSiweMessage } from "viem/siwe";
import type { Connection } from "../connection.ts";
import type { WalletSigner } from "../credentials.ts";
import { requestJson } from "../http/request.ts";

/**
 * Links another wallet to the account: it signs a message that names the account.
 * @throws {StoaError} `identity_taken` when it signs in to another account
 */
export async function linkWallet(connection: Connection, signer: WalletSigner): Promise<LinkedWallet> {
  const asked = await requestJson<LinkNonce>(connection, "/auth/wallets/nonce", { method: "POST", repeatable: true });
  const { expiresAt: _, ...named } = asked;
  const message = createSiweMessage({ ...named, address: signer.address, version: "1" });
  const signature = await signer.signMessage({ message });
  return requestJson(connection, "/auth/wallets", { method: "POST", body: { message, signature } });
}
