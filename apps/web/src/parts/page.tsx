import { type ReactNode, useEffect } from "react";

interface PageProps {
  title: string;
  /** Stands above the title: where one is. */
  over?: ReactNode;
  lead?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}

/** A screen: its heading, what can be done there, and its content. */
export function Page({ title, over, lead, actions, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · Stoa`;
  }, [title]);
  return (
    <div className="grid gap-6">
      <header className="flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
        <div className="grid min-w-0 gap-1">
          {over && <div className="text-sm text-quiet">{over}</div>}
          <h1 className="text-2xl sm:text-[1.75rem]">{title}</h1>
          {lead && <div className="max-w-prose text-quiet">{lead}</div>}
        </div>
        {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
      </header>
      {children}
    </div>
  );
}

interface PanelProps {
  title: string;
  note?: ReactNode;
  children: ReactNode;
  className?: string;
}

/** A titled box of a screen. */
export function Panel({ title, note, children, className = "" }: PanelProps) {
  return (
    <section className={`card grid content-start gap-4 p-4 sm:p-5 ${className}`}>
      <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
        <h2 className="text-base">{title}</h2>
        {note && <div className="text-sm text-quiet">{note}</div>}
      </div>
      {children}
    </section>
  );
}
