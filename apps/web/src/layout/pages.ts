import { Activity, Bot, Gavel, Home, ListChecks, Server, Wallet, type LucideIcon } from "lucide-react";

/** The screens that the navigation names, in its order. */
export const pages = [
  { to: "/", name: "home", icon: Home },
  { to: "/agents", name: "agents", icon: Bot },
  { to: "/tasks", name: "tasks", icon: ListChecks },
  { to: "/auctions", name: "auctions", icon: Gavel },
  { to: "/nodes", name: "nodes", icon: Server },
  { to: "/wallet", name: "wallet", icon: Wallet },
  { to: "/status", name: "status", icon: Activity },
] as const satisfies readonly { to: string; name: string; icon: LucideIcon }[];
