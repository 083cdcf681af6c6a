import { StoaError } from "@stoa/protocol";
import type { AccountsContext } from "./accounts-context.ts";
import { KEY_PREFIX } from "./keys/key-text.ts";
import { readKey } from "./keys/read-key.ts";
import type { Principal } from "./principal.ts";
import { readAccessToken } from "./sessions/access-token.ts";

/** What a request brings to say who it comes from. */
export interface Credentials {
  /** The Authorization header. */
  authorization?: string | undefined;
  /** The x-api-key header. */
  apiKey?: string | undefined;
  /** An access token or an API key, from where headers cannot be set. */
  token?: string | undefined;
}

/**
 * Who a request comes from; null when it says nothing about that.
 * @throws {StoaError} `unauthorized` when what it says is not valid: a wrong key is never treated as no key;
 * `suspended` when its account is
 */
export async function authenticate(context: AccountsContext, credentials: Credentials): Promise<Principal | null> {
  const { authorization, apiKey, token } = credentials;
  const given = apiKey ?? bearerOf(authorization) ?? token;
  if (given === undefined) return null;
  const isKey = apiKey !== undefined || given.startsWith(KEY_PREFIX);
  const principal = await (isKey ? readKey(context, given) : readAccessToken(context, given));
  if (!principal)
    throw new StoaError(
      "unauthorized",
      `the ${isKey ? "API key is unknown, revoked" : "access token is invalid"} or expired`,
    );
  await context.suspensions.require(principal.accountId);
  return principal;
}

function bearerOf(authorization: string | undefined): string | undefined {
  if (authorization === undefined) return undefined;
  const [, token] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
  if (token === undefined) throw new StoaError("unauthorized", "the Authorization header must be Bearer and a token");
  return token;
}
