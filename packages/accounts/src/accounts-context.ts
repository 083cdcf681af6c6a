import type { Database } from "@stoa/store";
import type { Library } from "./library.ts";
import type { Suspensions } from "./oversight/suspensions.ts";

/** What every operation on accounts is given. */
export interface AccountsContext {
  database: Database;
  library: Library;
  suspensions: Suspensions;
  /** Signs access tokens; derived from the secret. */
  tokenKey: Uint8Array;
  /** What sign-in messages must name. */
  domain: string;
  baseUrl: string;
  chainId: number;
  /** Epoch milliseconds. */
  now: () => number;
}
