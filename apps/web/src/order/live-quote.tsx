import { useQuery } from "@tanstack/react-query";
import { formatAmount, type Quote } from "@stoa/protocol";
import { useMarket } from "../data/market.ts";
import { type Asked, quoteQuery } from "../data/quote.ts";
import { Amount, useAmount } from "../parts/amount.tsx";
import { writeDuration } from "../parts/duration.ts";
import { Lines, Waiting } from "../parts/loaded.tsx";
import { useSettled } from "../parts/use-settled.ts";
import { useText } from "../text/use-text.ts";

/** So long nobody has typed before the nodes are asked. */
const SETTLED_MS = 350;

interface LiveQuoteProps {
  asked: Asked;
  /** Takes a higher maximum, as a decimal text. */
  onRaise: (maxPrice: string) => void;
}

/** What such a task would meet now: who would take it, at what price, how soon. */
export function LiveQuote({ asked, onRaise }: LiveQuoteProps) {
  const { t } = useText();
  const { capability, agentVersion, inputBytes, maxPrice, deliverInSeconds } = asked;
  const name = [capability, agentVersion, inputBytes, maxPrice, deliverInSeconds].join(" ");
  const settled = useSettled(asked, name, SETTLED_MS);
  const isAskable = settled.maxPrice > 0n && settled.deliverInSeconds >= 1;
  const { data, error } = useQuery(quoteQuery(settled, isAskable));
  return (
    <section aria-label={t("quote.title")} aria-live="polite" className="rounded-lg bg-sunken p-3 text-sm">
      <h2 className="mb-1.5 text-sm">{t("quote.title")}</h2>
      {error ? (
        <p className="text-brick">{error.message}</p>
      ) : data ? (
        <QuoteFacts quote={data} onRaise={onRaise} />
      ) : isAskable ? (
        <Waiting>
          <Lines count={3} className="h-4" />
        </Waiting>
      ) : (
        <p className="text-quiet">{t("quote.incomplete")}</p>
      )}
    </section>
  );
}

function QuoteFacts({ quote, onRaise }: { quote: Quote; onRaise: (maxPrice: string) => void }) {
  const { t, language } = useText();
  const write = useAmount();
  const market = useMarket();
  const { competitors, price, start, reasons, maximum } = quote;
  return (
    <div className="grid gap-2">
      <p>
        <strong className="text-base">{t("quote.takers", { count: competitors })}</strong>
        {start && (
          <span className="block text-quiet">
            {t("quote.delivered_in", { time: writeDuration(start.deliveredInSeconds, language) })}
          </span>
        )}
      </p>
      {price.past && (
        <div>
          <p className="text-quiet">{t("quote.past", { count: price.past.awards })}</p>
          <p>
            <Amount units={price.past.low} /> – <Amount units={price.past.high} />
          </p>
        </div>
      )}
      {maximum?.raiseTo && (
        <button
          type="button"
          className="w-fit text-start font-medium text-sea underline underline-offset-2"
          onClick={() => onRaise(formatAmount(BigInt(maximum.raiseTo!), market?.token.decimals ?? 6))}
        >
          {t("quote.raise", { price: write(maximum.raiseTo) })}
        </button>
      )}
      {reasons.map(({ reason, sentence, remedy }) => (
        <p key={reason} className="text-quiet">
          {sentence} {remedy}
        </p>
      ))}
    </div>
  );
}
