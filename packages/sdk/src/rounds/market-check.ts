import type { VerificationCheck } from "@stoa/core";
import type { Address, Hash, MarketInfo, SigningDomain } from "@stoa/protocol";

/** What a record is of, and what it was asked for as. */
export interface Claimed {
  what: "round" | "auction";
  id: Hash;
  askedFor: string;
  opening: { operator: Address; domain: SigningDomain };
}

/** A record can be right in itself and yet be another market's, or another round's than was asked for. */
export function marketCheck(info: MarketInfo, { what, id, askedFor, opening }: Claimed): VerificationCheck {
  const { operator, domain } = opening;
  const pairs = [
    [what, id, askedFor],
    ["operator", operator.toLowerCase(), info.operator.toLowerCase()],
    ["vault", domain.vault.toLowerCase(), info.vault.toLowerCase()],
    ["chain", domain.chainId, info.chainId],
  ] as const;
  const wrong = pairs.find(([, actual, expected]) => actual !== expected);
  const detail = wrong
    ? `the record's ${wrong[0]} is ${String(wrong[1])}, expected ${String(wrong[2])}`
    : `of ${info.operator}`;
  return { name: "market", ok: !wrong, detail };
}
