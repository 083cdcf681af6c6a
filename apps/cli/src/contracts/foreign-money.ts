import { type Chain, tokenInfo } from "@stoa/chain";
import { type Address, StoaError } from "@stoa/protocol";
import { type Money, moneyOf } from "../terminal/money.ts";
import { printable } from "../terminal/printable.ts";

const LONGEST_SYMBOL = 12;

/**
 * Writes amounts of a token that is not the market's. Anybody makes a token of any name, so its address stands beside
 * it; and one that tells nothing of itself is counted in its smallest unit, so that it keeps nobody from looking.
 */
export async function foreignMoney(chain: Chain, token: Address): Promise<Money> {
  try {
    const { symbol, decimals } = await tokenInfo(chain, token);
    return moneyOf({ token: { symbol: `${printable(symbol.slice(0, LONGEST_SYMBOL))} of ${token}`, decimals } });
  } catch (error) {
    if (!(error instanceof StoaError) || error.code === "chain_unavailable") throw error;
    return moneyOf({ token: { symbol: `units of ${token}`, decimals: 0 } });
  }
}
