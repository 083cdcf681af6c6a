import type { ReactNode } from "react";

/** Names and values, side by side; those without a value are left out. */
export function Facts({ facts }: { facts: readonly (readonly [name: string, value: ReactNode])[] }) {
  return (
    <dl className="grid grid-cols-[minmax(7rem,auto)_1fr] items-center gap-x-4 gap-y-1.5 text-[0.9rem]">
      {facts.map(([name, value]) =>
        value === undefined || value === null || value === false ? null : (
          <div key={name} className="contents">
            <dt className="flex min-h-6 items-center self-start text-quiet">{name}</dt>
            <dd className="min-w-0 text-end sm:text-start">{value}</dd>
          </div>
        ),
      )}
    </dl>
  );
}
