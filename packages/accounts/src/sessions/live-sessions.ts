import type { Address, Role } from "@stoa/protocol";
import type { Database } from "@stoa/store";
import { LRUCache } from "lru-cache";
import { walletsOf } from "./find-account.ts";

/** How long what is known of a session is believed: for this long another server's ending it may go unnoticed. */
export const BELIEVED_MS = 5_000;
const MOST_KNOWN = 50_000;

/** Whom a session speaks for. */
export interface LiveSession {
  accountId: string;
  roles: readonly Role[];
  wallets: readonly Address[];
}

/** What this process knows of sessions, so that not every request asks the database whether its own was ended. */
export interface LiveSessions {
  /** Null when the session has ended. */
  find(sessionId: string): Promise<LiveSession | null>;
  /** Has what is known of an account's sessions looked up again: something of it has changed. */
  forget(accountId: string): void;
}

/** @param now epoch milliseconds */
export function openLiveSessions(database: Database, now: () => number): LiveSessions {
  const known = new LRUCache<string, { session: LiveSession | null; until: number }>({ max: MOST_KNOWN });
  // What was asked for before something was forgotten may be of before, too.
  let forgotten = 0;
  return {
    async find(sessionId) {
      const asked = now();
      const kept = known.get(sessionId);
      if (kept && kept.until > asked) return kept.session;
      const before = forgotten;
      const [session = null] = await database.query<LiveSession>(
        `select account_id as "accountId", roles, ${walletsOf("accounts.id")} as wallets
           from sessions join accounts on accounts.id = sessions.account_id
          where sessions.id = $1 and sessions.expires_at > $2`,
        [sessionId, new Date(asked)],
      );
      if (before === forgotten) known.set(sessionId, { session, until: asked + BELIEVED_MS });
      return session;
    },
    forget(accountId) {
      forgotten += 1;
      for (const [sessionId, { session }] of known) if (session?.accountId === accountId) known.delete(sessionId);
    },
  };
}
