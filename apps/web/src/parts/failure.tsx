import { StoaError } from "@stoa/protocol";
import { TriangleAlert } from "lucide-react";
import { useText } from "../text/use-text.ts";
import { Button } from "./button.tsx";

/** What went wrong, in the market's own words, with what helps. */
export function Failure({ error, onRetry }: { error: unknown; onRetry?: (() => void) | undefined }) {
  const { t } = useText();
  const isOurs = error instanceof StoaError;
  return (
    <div
      role="alert"
      className="flex items-start gap-3 rounded-xl border border-brick-fill bg-brick-soft p-4 text-brick"
    >
      <TriangleAlert className="mt-0.5 size-5 shrink-0" aria-hidden />
      <div className="grid gap-1">
        <p className="font-semibold">{isOurs ? error.definition.title : t("failure.title")}</p>
        <p>{error instanceof Error ? error.message : String(error)}</p>
        {isOurs && <p>{error.definition.remedy}</p>}
        {onRetry && (
          <div className="mt-2">
            <Button onClick={onRetry}>{t("failure.retry")}</Button>
          </div>
        )}
      </div>
    </div>
  );
}
