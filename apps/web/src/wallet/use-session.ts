import type { SignedIn } from "@stoa/protocol";
import { useSyncExternalStore } from "react";
import { sessionStore } from "../market/session-store.ts";

/** Who is signed in; null when nobody is. */
export function useSession(): SignedIn | null {
  const session = useSyncExternalStore(sessionStore.subscribe, sessionStore.read);
  return session?.tokens.account ?? null;
}
