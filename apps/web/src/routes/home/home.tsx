import { Link } from "@tanstack/react-router";
import { FileSignature, Gavel, ShieldCheck, Wallet } from "lucide-react";
import { useEffect } from "react";
import { buttonClass } from "../../parts/button.tsx";
import { useText } from "../../text/use-text.ts";
import { LatestTasks } from "./latest-tasks.tsx";
import { Pulse } from "./pulse.tsx";
import { RecentPrices } from "./recent-prices.tsx";
import { TryIt } from "./try-it.tsx";

const steps = [
  ["order", FileSignature],
  ["bid", Gavel],
  ["run", ShieldCheck],
  ["pay", Wallet],
] as const;

/** For who has never been here: what this is, that it is alive, and a way to try it. */
export function Home() {
  const { t } = useText();
  useEffect(() => {
    document.title = `Stoa · ${t("home.title")}`;
  }, [t]);
  return (
    <div className="grid gap-8">
      <div className="grid items-center gap-8 xl:grid-cols-[1fr_minmax(0,30rem)]">
        <div className="grid gap-5">
          <h1 className="max-w-[18ch] text-[clamp(2rem,5vw,3.25rem)] leading-[1.08] font-[660] tracking-[-0.03em]">
            {t("home.title")}
          </h1>
          <p className="max-w-[52ch] text-lg text-quiet">{t("home.lead")}</p>
          <div className="flex flex-wrap gap-3">
            <Link to="/agents" className={buttonClass("primary")}>
              {t("home.browse")}
            </Link>
            <Link to="/auctions" className={buttonClass("plain")}>
              {t("home.watch")}
            </Link>
          </div>
        </div>
        <TryIt />
      </div>
      <Pulse />
      <div className="grid gap-6 xl:grid-cols-2">
        <RecentPrices hasLink />
        <LatestTasks />
      </div>
      <section aria-labelledby="how-title" className="grid gap-4">
        <h2 id="how-title" className="text-lg">
          {t("how.title")}
        </h2>
        <ol className="grid gap-4 sm:grid-cols-2 xl:grid-cols-4">
          {steps.map(([name, Icon], at) => (
            <li key={name} className="card grid content-start gap-2 p-4">
              <span className="flex items-center gap-2 text-sea">
                <Icon className="size-5" aria-hidden />
                <span className="text-sm font-semibold">{at + 1}</span>
              </span>
              <h3 className="text-base">{t(`how.${name}.title`)}</h3>
              <p className="text-sm text-quiet">{t(`how.${name}.text`)}</p>
            </li>
          ))}
        </ol>
      </section>
      <footer className="flex flex-wrap gap-x-5 gap-y-2 border-t pt-5 text-sm text-quiet">
        <a href="/api/v1/docs">{t("home.api")}</a>
        <a href="/api/v1/openapi.json">OpenAPI</a>
        <span>{t("home.terminal")}</span>
      </footer>
    </div>
  );
}
