import type { ReactNode } from "react";

/** What stands where nothing is yet: why, and what to do about it. */
export function Empty({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className="grid justify-items-center gap-2 px-4 py-10 text-center">
      <svg viewBox="0 0 64 40" className="h-10 text-column" aria-hidden>
        <path d="M4 12 32 2l28 10v3H4z M4 36h56v3H4z" fill="currentColor" />
        <path d="M10 18h5v15h-5z M23 18h5v15h-5z M36 18h5v15h-5z M49 18h5v15h-5z" fill="currentColor" opacity=".45" />
      </svg>
      <p className="font-semibold">{title}</p>
      {children && <div className="max-w-prose text-quiet">{children}</div>}
      {action && <div className="mt-2">{action}</div>}
    </div>
  );
}
