import type { Principal } from "@stoa/accounts";
import type { Address } from "@stoa/protocol";

/** Whose own events a caller sees besides the public ones; null when it sees no one's. A key needs the scope to read tasks. */
export function viewerOf(principal: Principal | null): Address | null {
  if (!principal) return null;
  return principal.scopes === "all" || principal.scopes.includes("tasks:read") ? principal.address : null;
}
