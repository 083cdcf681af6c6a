import type { ReactNode } from "react";

/** One figure that matters, with its name. */
export function Stat({ name, value, note }: { name: string; value: ReactNode; note?: ReactNode }) {
  return (
    <div className="grid content-start gap-0.5 bg-surface p-4">
      <dt className="text-sm text-quiet">{name}</dt>
      <dd className="text-lg font-semibold tracking-tight tabular sm:text-2xl">{value}</dd>
      {note && <dd className="text-sm text-quiet">{note}</dd>}
    </div>
  );
}

/** Figures in a row, or in two columns where it is narrow. */
export function Stats({ children }: { children: ReactNode }) {
  return (
    <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-xl border bg-line shadow-lift lg:grid-cols-4">
      {children}
    </dl>
  );
}
