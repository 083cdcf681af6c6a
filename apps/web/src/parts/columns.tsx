import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

export interface Column {
  key: string;
  /** What it stands for; its height among the others. */
  value: bigint;
  /** Read out, and shown on hover. */
  label: string;
  tone: "sea" | "gold" | "column" | "brick";
  /** The round or task behind it. */
  to?: string;
}

const tones = {
  sea: "bg-sea-fill",
  gold: "bg-gold-fill",
  column: "bg-column",
  brick: "bg-brick-fill",
} as const;
/** Heights are said in thousandths, and none is so low that it cannot be seen. */
const SCALE = 1_000n;
const LEAST = 60;

interface ColumnsProps {
  columns: readonly Column[];
  label: string;
  /** Places there are; those without a column yet show their bases. */
  places: number;
}

/** Values as a colonnade: a column each, standing on one step. */
export function Columns({ columns, label, places }: ColumnsProps) {
  const most = columns.reduce((most, { value }) => (value > most ? value : most), 1n);
  return (
    <ol aria-label={label} className="flex min-h-36 items-end gap-[3px] border-b-4 border-line">
      {Array.from({ length: Math.max(0, places - columns.length) }, (_, at) => (
        <li key={at} aria-hidden className="flex h-full min-w-0 flex-1 items-end">
          <span className="block h-[6%] w-full rounded-t-[3px] bg-sunken" />
        </li>
      ))}
      {columns.map(({ key, value, label, tone, to }) => {
        const height = `${Math.max(LEAST, Number((value * SCALE) / most)) / 10}%`;
        const shape: ReactNode = (
          <span
            className={`rise block w-full origin-bottom rounded-t-[3px] transition-[filter] group-hover:brightness-110 ${tones[tone]}`}
            style={{ height }}
          />
        );
        return (
          <li key={key} className="group flex h-full min-w-0 flex-1" title={label}>
            {to === undefined ? (
              <span role="img" aria-label={label} className="flex h-full w-full items-end">
                {shape}
              </span>
            ) : (
              <Link to={to} aria-label={label} className="flex h-full w-full items-end">
                {shape}
              </Link>
            )}
          </li>
        );
      })}
    </ol>
  );
}
