import type { Address, Role, Scope } from "@stoa/protocol";

/** Who a request comes from, and what it may do. */
export interface Principal {
  accountId: string;
  address: Address;
  roles: readonly Role[];
  /** A wallet's own session may do everything; a key only what it was given. */
  scopes: "all" | readonly Scope[];
  via: "session" | "key";
  /** The session signing out would end; null for a key. */
  sessionId: string | null;
}
