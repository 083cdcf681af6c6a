import { hkdfSync } from "node:crypto";
import type { Address, Role, SignedIn } from "@stoa/protocol";
import { errors, jwtVerify, SignJWT } from "jose";
import type { AccountsContext } from "../accounts-context.ts";
import type { Principal } from "../principal.ts";

/** How long an access token is good for, whatever happens to its session. */
export const ACCESS_SECONDS = 900;

const ALGORITHM = "HS256";
const AUDIENCE = "stoa-api";

/** The key access tokens are signed with: one purpose of the secret, separated from its others. */
export function accessTokenKey(secret: string): Uint8Array {
  return new Uint8Array(hkdfSync("sha256", secret, "", "stoa access token", 32));
}

/** Signs a token that says who the account is. */
export async function signAccessToken(context: AccountsContext, account: SignedIn, sessionId: string): Promise<string> {
  const seconds = Math.floor(context.now() / 1000);
  return new SignJWT({ address: account.address, roles: account.roles, sid: sessionId })
    .setProtectedHeader({ alg: ALGORITHM, typ: "JWT" })
    .setSubject(account.id)
    .setIssuer(context.baseUrl)
    .setAudience(AUDIENCE)
    .setIssuedAt(seconds)
    .setExpirationTime(seconds + ACCESS_SECONDS)
    .sign(context.tokenKey);
}

/** Who an access token speaks for; null when it is none of ours, altered or expired. */
export async function readAccessToken(context: AccountsContext, token: string): Promise<Principal | null> {
  try {
    const { payload } = await jwtVerify<{ address: Address; roles: Role[]; sid: string }>(token, context.tokenKey, {
      algorithms: [ALGORITHM],
      issuer: context.baseUrl,
      audience: AUDIENCE,
      currentDate: new Date(context.now()),
      requiredClaims: ["sub", "exp", "sid"],
    });
    const { sub = "", address, roles, sid } = payload;
    return { accountId: sub, address, roles, scopes: "all", via: "session", sessionId: sid };
  } catch (error) {
    if (error instanceof errors.JOSEError) return null;
    throw error;
  }
}
