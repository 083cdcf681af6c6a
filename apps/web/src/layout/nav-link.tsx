import { Link } from "@tanstack/react-router";
import { useText } from "../text/use-text.ts";
import type { pages } from "./pages.ts";

export function NavLink({ page }: { page: (typeof pages)[number] }) {
  const { t } = useText();
  const { to, name, icon: Icon } = page;
  return (
    <Link
      to={to}
      activeOptions={{ exact: to === "/" }}
      className="flex items-center gap-3 rounded-lg px-3 py-2 font-medium text-quiet no-underline hover:bg-sunken hover:text-ink max-lg:flex-1 max-lg:flex-col max-lg:gap-0.5 max-lg:px-1 max-lg:py-1.5 max-lg:text-[0.6875rem]"
      activeProps={{ className: "bg-sea-soft !text-sea" }}
    >
      <Icon className="size-[1.15rem]" aria-hidden />
      {t(`nav.${name}`)}
    </Link>
  );
}
