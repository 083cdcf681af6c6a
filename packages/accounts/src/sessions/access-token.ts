import { hkdfSync } from "node:crypto";
import { errors, jwtVerify, SignJWT } from "jose";
import type { AccountsContext } from "../accounts-context.ts";
import type { Principal } from "../principal.ts";

/** How long an access token is good for; its session's end is its own, too. */
export const ACCESS_SECONDS = 900;

const ALGORITHM = "HS256";
const AUDIENCE = "stoa-api";

/** The key access tokens are signed with: one purpose of the secret, separated from its others. */
export function accessTokenKey(secret: string): Uint8Array {
  return new Uint8Array(hkdfSync("sha256", secret, "", "stoa access token", 32));
}

/** Signs a token that speaks for an account's session. */
export async function signAccessToken(context: AccountsContext, accountId: string, sessionId: string): Promise<string> {
  const seconds = Math.floor(context.now() / 1000);
  return new SignJWT({ sid: sessionId })
    .setProtectedHeader({ alg: ALGORITHM, typ: "JWT" })
    .setSubject(accountId)
    .setIssuer(context.baseUrl)
    .setAudience(AUDIENCE)
    .setIssuedAt(seconds)
    .setExpirationTime(seconds + ACCESS_SECONDS)
    .sign(context.tokenKey);
}

/** Who an access token speaks for; null when it is none of ours, altered or expired, or its session has ended. */
export async function readAccessToken(context: AccountsContext, token: string): Promise<Principal | null> {
  const claims = await verifiedClaims(context, token);
  const session = claims && (await context.liveSessions.find(claims.sid));
  if (!session || session.accountId !== claims.sub) return null;
  const { accountId, roles, wallets } = session;
  return {
    accountId,
    address: wallets[0] ?? null,
    wallets,
    roles,
    scopes: "all",
    via: "session",
    sessionId: claims.sid,
    key: null,
  };
}

async function verifiedClaims(context: AccountsContext, token: string): Promise<{ sub?: string; sid: string } | null> {
  try {
    const { payload } = await jwtVerify<{ sid: string }>(token, context.tokenKey, {
      algorithms: [ALGORITHM],
      issuer: context.baseUrl,
      audience: AUDIENCE,
      currentDate: new Date(context.now()),
      requiredClaims: ["sub", "exp", "sid"],
    });
    return payload;
  } catch (error) {
    if (error instanceof errors.JOSEError) return null;
    throw error;
  }
}
