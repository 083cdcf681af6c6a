import { StoaError } from "@stoa/protocol";
import { authorizationCodeGrant, AuthorizationResponseError, ClientError, ResponseBodyError } from "openid-client";
import type { AccountsContext } from "../accounts-context.ts";
import { takeProof } from "../proofs/proofs.ts";
import { CALLBACK_PATH, type PendingOidc } from "./start-oidc.ts";

/** What somebody brings back from a site: the address's query it sent them to, and the ticket they began with. */
export interface OidcReturn {
  ticket: string;
  query: string;
}

/** Whom a site vouches for. */
export interface ProvenPerson {
  issuer: string;
  /** The site's name for the person, which never changes. */
  subject: string;
}

/**
 * Whom a site vouches for, by the code it gave: its ID token is checked for its signature, issuer, audience, time and
 * nonce. What the site says of a person's e-mail address is not believed: it would open an account of that address.
 * @param accountId the account that began it; null: a sign-in
 * @throws {StoaError} `unauthorized`, `invalid_token` for a ticket that is unknown, used, or another's; `provider_unavailable`
 */
export async function provePerson(
  { database, baseUrl, oidc, now }: AccountsContext,
  { ticket, query }: OidcReturn,
  { provider, accountId }: { provider: string; accountId: string | null },
): Promise<ProvenPerson> {
  const pending = await takeProof<PendingOidc>(database, "oidc", { token: ticket, now: now() });
  if (!pending || pending.provider !== provider || pending.accountId !== accountId)
    throw new StoaError("invalid_token", "the sign-in was not begun here, is over, or took too long: begin again");
  const { name } = oidc.get(provider);
  const configuration = await oidc.configuration(provider);
  const url = new URL(CALLBACK_PATH, baseUrl);
  url.search = query;
  try {
    const tokens = await authorizationCodeGrant(configuration, url, {
      expectedState: pending.state,
      expectedNonce: pending.nonce,
      pkceCodeVerifier: pending.codeVerifier,
      idTokenExpected: true,
    });
    const claims = tokens.claims();
    if (!claims) throw new StoaError("unauthorized", `${name} does not say who signed in`);
    return { issuer: claims.iss, subject: claims.sub };
  } catch (cause) {
    if (cause instanceof StoaError) throw cause;
    if (cause instanceof AuthorizationResponseError || cause instanceof ResponseBodyError)
      throw new StoaError("unauthorized", `${name} refuses the sign-in: ${cause.error_description ?? cause.error}`, {
        cause,
      });
    if (cause instanceof ClientError && cause.code !== "OAUTH_TIMEOUT")
      throw new StoaError("unauthorized", `${name}'s answer does not count: ${cause.message}`, { cause });
    throw new StoaError("provider_unavailable", `${name} does not answer`, { cause });
  }
}
