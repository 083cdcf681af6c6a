import type { Address, RateTier, Role, Scope } from "@stoa/protocol";

/** Who a request comes from, and what it may do. */
export interface Principal {
  accountId: string;
  /** The wallet whose money the account moves; null until it has one. */
  address: Address | null;
  /** Every wallet of the account that tasks and agents can belong to, the one above first. */
  wallets: readonly Address[];
  roles: readonly Role[];
  /** A session may do everything; a key only what it was given. */
  scopes: "all" | readonly Scope[];
  via: "session" | "key";
  /** The session signing out would end; null for a key. */
  sessionId: string | null;
  /** The key, and how much may be asked with it; null for a session. */
  key: { id: string; tier: RateTier } | null;
}
