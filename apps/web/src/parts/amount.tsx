import { formatAmount } from "@stoa/protocol";
import { useMarket } from "../data/market.ts";
import { useText } from "../text/use-text.ts";

interface AmountProps {
  /** In the token's smallest unit. */
  units: string | bigint;
  /** Says it with a sign when it is above zero, too. */
  isChange?: boolean;
  className?: string;
}

/** Writes amounts of the market's token in the reader's language, with the unit. */
export function useAmount(): (units: string | bigint, options?: { bare?: boolean; sign?: boolean }) => string {
  const market = useMarket();
  const { language } = useText();
  return (units, { bare = false, sign = false } = {}) => {
    if (!market) return "…";
    const { decimals, symbol } = market.token;
    const number = new Intl.NumberFormat(language, {
      maximumFractionDigits: decimals,
      minimumFractionDigits: 2,
      signDisplay: sign ? "exceptZero" : "auto",
    }).format(formatAmount(BigInt(units), decimals) as `${number}`);
    return bare ? number : `${number} ${symbol}`;
  };
}

export function Amount({ units, isChange = false, className = "" }: AmountProps) {
  const write = useAmount();
  const market = useMarket();
  return (
    <bdi className={`tabular whitespace-nowrap ${className}`}>
      {write(units, { bare: true, sign: isChange })}
      {market && <span className="ms-1 text-[0.85em] text-quiet">{market.token.symbol}</span>}
    </bdi>
  );
}
