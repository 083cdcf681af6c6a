/** Whom a sign-in comes from, as a list of sessions shows it. */
export interface Client {
  /** Its network address. */
  address: string | null;
  userAgent: string | null;
}

const MAX_USER_AGENT = 300;

/** A client's own name for itself, as much as is kept of it. */
export function shownUserAgent({ userAgent }: Client): string | null {
  return userAgent === null ? null : userAgent.slice(0, MAX_USER_AGENT);
}
