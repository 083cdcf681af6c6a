import type { ReactNode } from "react";
import { useText } from "../text/use-text.ts";
import { Failure } from "./failure.tsx";

/** What of a query a view needs to know. */
export interface Loading<Data> {
  data: Data | undefined;
  error: unknown;
  isPending: boolean;
  refetch: () => unknown;
}

interface LoadedProps<Data> {
  query: Loading<Data>;
  /** As tall as what will stand there, so that nothing jumps. */
  skeleton?: ReactNode;
  children: (data: Data) => ReactNode;
}

/** Shows data, or that it is on its way, or why it is not there. Data that cannot be read again stays in view. */
export function Loaded<Data>({ query, skeleton, children }: LoadedProps<Data>) {
  if (query.data !== undefined) return children(query.data);
  if (query.error) return <Failure error={query.error} onRetry={() => void query.refetch()} />;
  return <Waiting>{skeleton ?? <Lines count={4} />}</Waiting>;
}

/** Tells who cannot see it that something is on its way. */
export function Waiting({ children }: { children: ReactNode }) {
  const { t } = useText();
  return (
    <div role="status" aria-label={t("loading")}>
      {children}
    </div>
  );
}

/** Lines of text that are not there yet. */
export function Lines({ count, className = "h-10" }: { count: number; className?: string }) {
  return (
    <div className="grid gap-3">
      {Array.from({ length: count }, (_, at) => (
        <div key={at} className={`shimmer ${className}`} />
      ))}
    </div>
  );
}
