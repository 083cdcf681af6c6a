import { Link } from "@tanstack/react-router";

export function Brand() {
  return (
    <Link to="/" className="flex items-center gap-2.5 text-ink no-underline">
      <img src="/icon.svg" alt="" width="30" height="30" className="rounded-lg" />
      <span className="text-lg font-semibold tracking-tight">Stoa</span>
    </Link>
  );
}
