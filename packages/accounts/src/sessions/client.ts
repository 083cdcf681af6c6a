import { isIPv6 } from "node:net";

/** Whom a sign-in comes from, as a list of sessions shows it. */
export interface Client {
  /** Its network address. */
  address: string | null;
  userAgent: string | null;
}

/** Leading parts of an IPv6 address that whoever has it shares: the rest is theirs to choose anew for each request. */
const NETWORK_PARTS = 4;

/** Where a client is, as attempts are counted: its address, or the network that is its own. */
export function networkOf({ address }: Client): string {
  if (address === null) return "unknown";
  if (!isIPv6(address) || address.includes(".")) return address;
  const [head = "", tail] = address.split("%")[0]!.split("::");
  const before = head === "" ? [] : head.split(":");
  const after = tail ? tail.split(":") : [];
  const parts =
    tail === undefined ? before : [...before, ...Array<string>(8 - before.length - after.length).fill("0"), ...after];
  return `${parts
    .slice(0, NETWORK_PARTS)
    .map((part) => Number.parseInt(part, 16).toString(16))
    .join(":")}::/64`;
}

const MAX_USER_AGENT = 300;

/** A client's own name for itself, as much as is kept of it. */
export function shownUserAgent({ userAgent }: Client): string | null {
  return userAgent === null ? null : userAgent.slice(0, MAX_USER_AGENT);
}
