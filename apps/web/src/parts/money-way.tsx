import { useText } from "../text/use-text.ts";
import { Amount } from "./amount.tsx";

export interface Split {
  payment: string;
  royalty: string;
  fee: string;
  refund: string;
}

const parts = [
  ["payment", "bg-sea-fill"],
  ["royalty", "bg-gold-fill"],
  ["fee", "bg-leaf-fill"],
  ["refund", "bg-column"],
] as const;

/** Where the money that was held for a task went, as one bar in its parts. */
export function MoneyWay({ split }: { split: Split }) {
  const { t } = useText();
  const total = parts.reduce((sum, [name]) => sum + BigInt(split[name]), 0n) || 1n;
  const shareOf = (units: string) => Number((BigInt(units) * 10_000n) / total) / 100;
  return (
    <div className="grid gap-4">
      <div className="flex h-4 gap-0.5 overflow-hidden rounded-full" aria-hidden>
        {parts.map(([name, colour]) => (
          <span key={name} className={colour} style={{ width: `${shareOf(split[name])}%` }} />
        ))}
      </div>
      <dl className="grid gap-2">
        {parts.map(([name, colour]) => (
          <div key={name} className="flex flex-wrap items-baseline gap-x-3">
            <dt className="flex items-baseline gap-2">
              <span className={`size-2.5 rounded-sm ${colour}`} aria-hidden />
              {t(`money.${name}`)}
            </dt>
            <dd className="ms-auto">
              <Amount units={split[name]} />
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
