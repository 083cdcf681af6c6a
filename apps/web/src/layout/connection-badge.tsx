import { useLive } from "../market/live.ts";
import { useText } from "../text/use-text.ts";

const looks = {
  live: "bg-leaf-fill",
  connecting: "bg-gold-fill animate-pulse",
  away: "bg-brick-fill",
} as const;

/** Whether what is shown is how the market stands now. */
export function ConnectionBadge() {
  const { t } = useText();
  const live = useLive();
  return (
    <p role="status" className="flex items-center gap-2 text-sm text-quiet" data-live={live}>
      <span className={`size-2 rounded-full ${looks[live]}`} aria-hidden />
      {t(`live.${live}`)}
    </p>
  );
}

/** Says over every screen that the market is away, for as long as it is. */
export function AwayBanner() {
  const { t } = useText();
  if (useLive() !== "away") return null;
  return (
    <p className="border-b border-brick-fill bg-brick-soft px-4 py-2 text-center text-sm text-brick">
      {t("live.banner")}
    </p>
  );
}
