import { type SessionTokens, StoaError } from "@stoa/protocol";
import { isAPIError } from "better-auth/api";
import type { AccountsContext } from "../accounts-context.ts";
import { issueTokens } from "../sessions/issue-tokens.ts";
import { SESSION_SECONDS } from "../library.ts";
import { checkMessage } from "./check-message.ts";

/**
 * Signs a wallet in by its EIP-4361 message and signature. The first sign-in of a wallet makes its account.
 * @throws {StoaError} `unauthorized` for a wrong signature, a nonce that is unknown, used or expired, or a message for another market
 */
export async function signIn(context: AccountsContext, message: string, signature: string): Promise<SessionTokens> {
  const { domain, baseUrl, chainId, now } = context;
  checkMessage(message, { domain, uri: baseUrl, chainId, now: now() });
  const token = await verify(context, message, signature);
  await context.database.query("delete from sessions where expires_at < $1", [new Date(now())]);
  const [session] = await context.database.query<{ id: string }>("select id from sessions where token = $1", [token]);
  if (!session) throw new StoaError("unauthorized", "the session ended while it was made; sign in again");
  return context.database.transaction((tx) => issueTokens(context, tx, session.id, now() + SESSION_SECONDS * 1000));
}

async function verify(context: AccountsContext, message: string, signature: string): Promise<string> {
  try {
    const request = new Request(new URL("/api/auth/siwe/verify", context.baseUrl), { method: "POST" });
    const { token } = await context.library.api.verifySiweMessage({
      body: { message, signature },
      request,
      asResponse: false,
    });
    return token;
  } catch (cause) {
    if (!isAPIError(cause)) throw cause;
    const { message: reason, error, code } = (cause.body ?? {}) as { message?: string; error?: string; code?: string };
    // The library answers any fault of its own, such as a database that is away, as if the caller had been wrong.
    if (error !== undefined)
      throw new StoaError("server_unavailable", `the sign-in could not be checked: ${error}`, { cause });
    if (code === "UNAUTHORIZED_INVALID_OR_EXPIRED_NONCE") {
      throw new StoaError("unauthorized", "the message's nonce is unknown, used or expired: ask for a new one", {
        cause,
      });
    }
    throw new StoaError(
      "unauthorized",
      reason?.replace(/^Unauthorized: /, "") ?? "the signature does not match the message's address",
      { cause },
    );
  }
}
