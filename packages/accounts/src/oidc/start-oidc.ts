import type { OidcStart } from "@stoa/protocol";
import {
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from "openid-client";
import type { AccountsContext } from "../accounts-context.ts";
import type { Principal } from "../principal.ts";
import { createProof } from "../proofs/proofs.ts";
import { requireFreshSignIn } from "../sessions/require-fresh-sign-in.ts";

/** Where sites send people back to. */
export const CALLBACK_PATH = "/auth/oidc/callback";
/** How long somebody may take to sign in elsewhere. */
const PENDING_MS = 900_000;

/** What is kept until somebody comes back from the site. */
export interface PendingOidc {
  provider: string;
  state: string;
  nonce: string;
  codeVerifier: string;
  /** The account that the person is to be linked to; null: it is a sign-in. */
  accountId: string | null;
}

/**
 * Begins to sign in by a site, or, for a caller who is signed in, to link whom it vouches for to the account. Whoever
 * begins it keeps the ticket, and alone can end it: an address that somebody else began does nothing in another's hands.
 * @throws {StoaError} `not_found`, `provider_unavailable`, `sign_in_again`
 */
export async function startOidc(
  context: AccountsContext,
  provider: string,
  principal: Principal | null,
): Promise<OidcStart> {
  const { database, baseUrl, oidc, now } = context;
  if (principal) await requireFreshSignIn(context, principal);
  const configuration = await oidc.configuration(provider);
  const pending: PendingOidc = {
    provider,
    state: randomState(),
    nonce: randomNonce(),
    codeVerifier: randomPKCECodeVerifier(),
    accountId: principal?.accountId ?? null,
  };
  const url = buildAuthorizationUrl(configuration, {
    redirect_uri: `${baseUrl}${CALLBACK_PATH}`,
    scope: "openid",
    state: pending.state,
    nonce: pending.nonce,
    code_challenge: await calculatePKCECodeChallenge(pending.codeVerifier),
    code_challenge_method: "S256",
  });
  const expiresAt = now() + PENDING_MS;
  await database.query("delete from verifications where expires_at < $1", [new Date(now())]);
  const ticket = await createProof(database, "oidc", { value: pending, expiresAt });
  return { url: url.href, ticket, expiresAt: new Date(expiresAt).toISOString() };
}
