import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Play } from "lucide-react";
import { useState } from "react";
import { useMarket } from "../../data/market.ts";
import { wantSignIn } from "../../layout/want-sign-in.ts";
import { useAmount } from "../../parts/amount.tsx";
import { Button } from "../../parts/button.tsx";
import { Failure } from "../../parts/failure.tsx";
import { Segments } from "../../parts/segments.tsx";
import { useDraft } from "../../parts/use-draft.ts";
import { useText } from "../../text/use-text.ts";
import type { GuestStep } from "../../wallet/become-guest.ts";
import { hasGuests } from "../../wallet/has-guests.ts";
import { useSession } from "../../wallet/use-session.ts";
import { samples } from "./samples.ts";

/** Five hundredths of the token: several times what the samples cost. */
const maxPriceOf = (decimals: number) => (5n * 10n ** BigInt(decimals)) / 100n;
const DELIVER_SECONDS = 120;

type Step = GuestStep | "order";

/** Orders a real small task: without an account where the market has test money, and after signing in elsewhere. */
export function TryIt() {
  const { t } = useText();
  const write = useAmount();
  const navigate = useNavigate();
  const market = useMarket();
  const account = useSession();
  const [chosen, setChosen] = useDraft("try.sample", samples[0]!.name);
  const [texts, setTexts] = useDraft("try.texts", Object.fromEntries(samples.map(({ name, text }) => [name, text])));
  const [step, setStep] = useState<Step>("wallet");
  const sample = samples.find(({ name }) => name === chosen) ?? samples[0]!;
  const maxPrice = maxPriceOf(market?.token.decimals ?? 6);
  const ordering = useMutation({
    mutationFn: async () => {
      // Wallets and signing come when somebody orders: a stranger's first look does without.
      const [{ becomeGuest }, { orderTask }] = await Promise.all([
        import("../../wallet/become-guest.ts"),
        import("../../wallet/order-task.ts"),
      ]);
      await becomeGuest(maxPrice, setStep);
      setStep("order");
      return orderTask({
        capability: sample.capability,
        input: sample.toInput(texts[sample.name] ?? sample.text),
        maxPrice,
        deliverInSeconds: DELIVER_SECONDS,
      });
    },
    onSuccess: (id) => navigate({ to: "/tasks/$id", params: { id } }),
  });
  // Taken for granted until the market says otherwise, which few do to strangers.
  const mayTry = account !== null || market === undefined || hasGuests(market);
  return (
    <section aria-labelledby="try-title" className="card grid gap-4 p-4 sm:p-5">
      <div className="grid gap-1">
        <h2 id="try-title" className="text-lg">
          {t("try.title")}
        </h2>
        <p className="text-sm text-quiet">{t(mayTry ? "try.lead" : "try.lead_sign_in")}</p>
      </div>
      <Segments
        isWide
        label={t("try.what")}
        options={samples.map(({ name }) => [name, t(`try.sample.${name}`)] as const)}
        value={sample.name}
        onChange={setChosen}
      />
      <textarea
        aria-label={t("try.input")}
        rows={7}
        value={texts[sample.name] ?? sample.text}
        onChange={({ target }) => setTexts({ ...texts, [sample.name]: target.value })}
        className={`field resize-y text-sm ${sample.name === "csv" ? "font-mono !text-xs" : ""}`}
      />
      <div className="flex flex-wrap items-center gap-3">
        <Button
          look="primary"
          isBusy={ordering.isPending}
          disabled={!market || !(texts[sample.name] ?? "").trim()}
          icon={<Play className="size-4" aria-hidden />}
          onClick={() => (mayTry ? ordering.mutate() : wantSignIn())}
        >
          {t(mayTry ? "try.run" : "sign_in.action")}
        </Button>
        <p className="text-sm text-quiet" aria-live="polite">
          {ordering.isPending ? t(`try.step.${step}`) : t("try.at_most", { price: write(maxPrice) })}
        </p>
      </div>
      {ordering.error && <Failure error={ordering.error} onRetry={() => ordering.mutate()} />}
    </section>
  );
}
