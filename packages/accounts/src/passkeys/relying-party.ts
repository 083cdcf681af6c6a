import type { AccountsContext } from "../accounts-context.ts";

/** Whom a device makes keys for, and signs for: this market's own pages alone. */
export function relyingParty({ baseUrl }: AccountsContext): { rpID: string; origin: string } {
  const { hostname, origin } = new URL(baseUrl);
  return { rpID: hostname, origin };
}

/** How long a device may be looked for, and its owner may take. */
export const CEREMONY_MS = 300_000;
