import { randomUUID } from "node:crypto";
import { StoaError } from "@stoa/protocol";
import { isAPIError } from "better-auth/api";
import type { AccountsContext } from "../accounts-context.ts";

/**
 * Calls the sign-in library for an account. It knows whom it works for by a session of its own alone, and makes new ones
 * as it goes: they are marked, and gone when the call is over, so that nobody is signed in by it.
 * @returns what the call gives; null when the library refuses what it was given
 */
export async function withLibrarySession<Result>(
  { database, library }: AccountsContext,
  accountId: string,
  call: (headers: Headers) => Promise<Result>,
): Promise<Result | null> {
  const { internalAdapter } = await library.$context;
  const mark = `stoa:${randomUUID()}`;
  const session = await internalAdapter.createSession(accountId, true, { userAgent: mark });
  try {
    return await call(new Headers({ authorization: `Bearer ${session.token}` }));
  } catch (cause) {
    if (!isAPIError(cause)) throw cause;
    if (cause.statusCode >= 500) throw new StoaError("internal", "the second factor could not be seen to", { cause });
    return null;
  } finally {
    await database.query("delete from sessions where account_id = $1 and user_agent = $2", [accountId, mark]);
  }
}
