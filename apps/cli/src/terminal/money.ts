import { formatAmount, parseAmount } from "@stoa/protocol";

/** Writes and reads amounts of the market's token. */
export interface Money {
  /** "0.05 tUSD" */
  format(units: bigint | string): string;
  /** "0.05" */
  bare(units: bigint | string): string;
  /** @throws {StoaError} `malformed_amount` */
  parse(text: string): bigint;
}

export function moneyOf({ token }: { token: { symbol: string; decimals: number } }): Money {
  const bare = (units: bigint | string) => formatAmount(BigInt(units), token.decimals);
  return {
    bare,
    format: (units) => `${bare(units)} ${token.symbol}`,
    parse: (text) => parseAmount(text, token.decimals),
  };
}
