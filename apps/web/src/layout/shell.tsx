import { Outlet, useRouterState } from "@tanstack/react-router";
import { Ellipsis, Search } from "lucide-react";
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { Failure } from "../parts/failure.tsx";
import { useText } from "../text/use-text.ts";
import { AccountButton } from "./account-button.tsx";
import { Appearance } from "./appearance.tsx";
import { Brand } from "./brand.tsx";
import { AwayBanner, ConnectionBadge } from "./connection-badge.tsx";
import { NavLink } from "./nav-link.tsx";
import { pages } from "./pages.ts";
import { onSignInWanted } from "./want-sign-in.ts";

const CommandPalette = lazy(async () => ({ default: (await import("./command-palette.tsx")).CommandPalette }));
const SignIn = lazy(async () => ({ default: (await import("./sign-in.tsx")).SignIn }));

/** Screens of the bottom bar, where it is narrow; the palette has the rest. */
const AT_THE_BOTTOM = 4;

const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent);

/** What stands around every screen. */
export function Shell() {
  const { t } = useText();
  const [opened, setOpened] = useState<"palette" | "sign-in" | null>(null);
  useEffect(() => onSignInWanted(() => setOpened("sign-in")), []);
  useEffect(() => {
    const open = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "k" || !(event.metaKey || event.ctrlKey)) return;
      event.preventDefault();
      setOpened("palette");
    };
    addEventListener("keydown", open);
    return () => removeEventListener("keydown", open);
  }, []);
  const openPalette = () => setOpened("palette");
  return (
    <div className="min-h-dvh lg:grid lg:grid-cols-[15rem_1fr]">
      <a
        href="#main"
        className="absolute start-2 top-2 z-30 -translate-y-24 rounded-lg bg-sea px-4 py-2 text-on-sea focus:translate-y-0"
      >
        {t("skip")}
      </a>
      <aside className="sticky top-0 hidden h-dvh flex-col gap-5 border-e bg-surface p-4 lg:flex">
        <div className="px-2 pt-1">
          <Brand />
        </div>
        <SearchButton onClick={openPalette} isWide />
        <nav aria-label={t("nav.label")} className="grid gap-0.5">
          {pages.map((page) => (
            <NavLink key={page.name} page={page} />
          ))}
        </nav>
        <div className="mt-auto grid gap-3">
          <ConnectionBadge />
          <Appearance />
        </div>
      </aside>
      <div className="flex min-w-0 flex-col">
        <AwayBanner />
        <header className="sticky top-0 z-10 mx-auto flex w-full max-w-6xl items-center gap-2 border-b bg-ground/90 px-4 py-2.5 backdrop-blur lg:static lg:border-b-0 lg:bg-transparent lg:px-8 lg:pt-5 lg:backdrop-blur-none">
          <div className="me-auto lg:hidden">
            <Brand />
          </div>
          <div className="lg:hidden">
            <SearchButton onClick={openPalette} />
          </div>
          <div className="lg:ms-auto">
            <AccountButton onSignIn={() => setOpened("sign-in")} />
          </div>
        </header>
        <Main />
      </div>
      <nav
        aria-label={t("nav.label")}
        className="fixed inset-x-0 bottom-0 z-20 flex gap-1 border-t bg-surface px-1 pt-1 pb-[max(0.25rem,env(safe-area-inset-bottom))] lg:hidden"
      >
        {pages.slice(0, AT_THE_BOTTOM).map((page) => (
          <NavLink key={page.name} page={page} />
        ))}
        <button
          type="button"
          onClick={openPalette}
          className="flex flex-1 flex-col items-center gap-0.5 rounded-lg px-1 py-1.5 text-[0.6875rem] font-medium text-quiet"
        >
          <Ellipsis className="size-[1.15rem]" aria-hidden />
          {t("nav.more")}
        </button>
      </nav>
      <Suspense>
        {opened === "palette" && <CommandPalette onClose={() => setOpened(null)} />}
        {opened === "sign-in" && <SignIn onClose={() => setOpened(null)} />}
      </Suspense>
    </div>
  );
}

/** The screen itself. A new one takes the focus, as a page load would. */
function Main() {
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const main = useRef<HTMLElement>(null);
  const isFirst = useRef(true);
  useEffect(() => {
    if (!isFirst.current) main.current?.focus({ preventScroll: true });
    isFirst.current = false;
  }, [path]);
  return (
    <main
      ref={main}
      id="main"
      tabIndex={-1}
      className="mx-auto w-full max-w-6xl flex-1 px-4 pt-5 pb-28 outline-none lg:px-8 lg:pt-0 lg:pb-16"
    >
      <Outlet />
    </main>
  );
}

function SearchButton({ onClick, isWide = false }: { onClick: () => void; isWide?: boolean }) {
  const { t } = useText();
  if (!isWide)
    return (
      <button
        type="button"
        aria-label={t("palette.open")}
        onClick={onClick}
        className="grid size-10 place-items-center rounded-lg text-quiet hover:bg-sunken"
      >
        <Search className="size-5" aria-hidden />
      </button>
    );
  return (
    <button
      type="button"
      onClick={onClick}
      className="flex items-center gap-2 rounded-lg border bg-ground px-3 py-2 text-quiet hover:text-ink"
    >
      <Search className="size-4" aria-hidden />
      {t("palette.open")}
      <kbd className="ms-auto font-mono text-xs">{isMac ? "⌘ K" : "Ctrl K"}</kbd>
    </button>
  );
}

/** What a screen that cannot be drawn shows in its place. */
export function Broken({ error, reset }: { error: unknown; reset: () => void }) {
  return <Failure error={error} onRetry={reset} />;
}
