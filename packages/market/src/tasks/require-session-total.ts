import { StoaError } from "@stoa/protocol";

/** @throws {StoaError} `session_key_limit` when a session key would have spent, or hold, more than its wallet allows */
export function requireSessionTotal(maxTotal: bigint, total: bigint): void {
  if (total <= maxTotal) return;
  throw new StoaError(
    "session_key_limit",
    `the session key may spend ${maxTotal} in all, with this order it would be ${total}`,
  );
}
