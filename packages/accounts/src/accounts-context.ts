import type { Database } from "@stoa/store";
import type { Library } from "./library.ts";
import type { Suspensions } from "./oversight/suspensions.ts";
import type { OidcProviders } from "./oidc/oidc-providers.ts";
import type { LiveSessions } from "./sessions/live-sessions.ts";
import type { VerifyEthereum } from "./wallets/verify-signature.ts";

/** What every operation on accounts is given. */
export interface AccountsContext {
  database: Database;
  library: Library;
  suspensions: Suspensions;
  liveSessions: LiveSessions;
  oidc: OidcProviders;
  verifyEthereum: VerifyEthereum;
  /** Signs access tokens; derived from the secret. */
  tokenKey: Uint8Array;
  /** What sign-in messages must name. */
  domain: string;
  baseUrl: string;
  chainId: number;
  /** Epoch milliseconds. */
  now: () => number;
}
