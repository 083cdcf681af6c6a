import type { NonceResponse } from "@stoa/protocol";
import type { AccountsContext } from "../accounts-context.ts";

/** How long the library keeps a nonce. */
const NONCE_MS = 900_000;

/** Makes a nonce for one wallet sign-in, and says what the message to sign must name. */
export async function createNonce(context: AccountsContext): Promise<NonceResponse> {
  const { database, library, domain, baseUrl, chainId, now } = context;
  await database.query("delete from verifications where expires_at < $1", [new Date(now())]);
  const { nonce } = await library.api.getSiweNonce({});
  return { nonce, domain, uri: baseUrl, chainId, expiresAt: new Date(now() + NONCE_MS).toISOString() };
}
