import { useMutation } from "@tanstack/react-query";
import type { RoundVerification } from "@stoa/sdk";
import { BadgeCheck, Check, X } from "lucide-react";
import { wholeClient } from "../market/connection.ts";
import { Button } from "../parts/button.tsx";
import { Failure } from "../parts/failure.tsx";
import { useText } from "../text/use-text.ts";

/** Clearing again without each winner takes as long as clearing: a page does so for rounds of up to this many tasks. */
const MOST_TASKS_PRICED = 100;

/** Checks a round's public record here in the browser, asking nobody whether it is true. */
export function VerifyRound({ roundId, tasks }: { roundId: string; tasks: number }) {
  const { t } = useText();
  const verifying = useMutation({
    mutationFn: async () => (await wholeClient()).rounds.verify(roundId, { payments: tasks <= MOST_TASKS_PRICED }),
  });
  return (
    <div className="grid gap-3">
      <div className="flex flex-wrap items-center gap-3">
        <Button
          isBusy={verifying.isPending}
          icon={<BadgeCheck className="size-4" aria-hidden />}
          onClick={() => verifying.mutate()}
        >
          {t("verify.action")}
        </Button>
        <p className="text-sm text-quiet">{t("verify.note")}</p>
      </div>
      <div aria-live="polite" className="empty:-mt-3">
        {verifying.error && <Failure error={verifying.error} />}
        {verifying.data && <Checks verification={verifying.data} />}
      </div>
    </div>
  );
}

function Checks({ verification: { ok, record, supplements } }: { verification: RoundVerification }) {
  const { t } = useText();
  const checks = [record, ...supplements].flatMap((report) => report.checks);
  return (
    <div className={`grid gap-3 rounded-lg border p-4 ${ok ? "border-leaf-fill" : "border-brick-fill"}`}>
      <p className={`flex items-center gap-2 font-semibold ${ok ? "text-leaf" : "text-brick"}`}>
        {ok ? <Check className="size-5" aria-hidden /> : <X className="size-5" aria-hidden />}
        {ok ? t("verify.ok", { count: checks.length }) : t("verify.failed")}
      </p>
      <ul className="grid gap-1.5 text-sm">
        {checks.map(({ name, ok, detail }, at) => (
          <li key={`${name} ${at}`} className="grid grid-cols-[1.25rem_1fr] gap-x-2 sm:grid-cols-[1.25rem_8rem_1fr]">
            {ok ? (
              <Check className="mt-0.5 size-4 text-leaf" aria-label={t("verify.passed")} />
            ) : (
              <X className="mt-0.5 size-4 text-brick" aria-label={t("verify.not_passed")} />
            )}
            <span className="font-medium">{name}</span>
            <span className="text-quiet max-sm:col-start-2">{detail}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
