import type { HeldSession, SessionStore } from "@stoa/sdk/reader";

const KEPT_AS = "stoa.session";
const listeners = new Set<() => void>();

let read: { text: string | null; session: HeldSession | null } = { text: null, session: null };

function tellListeners(): void {
  for (const listener of listeners) listener();
}

// Another tab signed in or out.
addEventListener("storage", ({ key }) => {
  if (key === KEPT_AS || key === null) tellListeners();
});

/** Keeps the session in the browser; all tabs share it and take turns renewing it. */
export const sessionStore: SessionStore & { subscribe(listener: () => void): () => void } = {
  read() {
    const text = localStorage.getItem(KEPT_AS);
    if (text !== read.text) read = { text, session: text === null ? null : (JSON.parse(text) as HeldSession) };
    return read.session;
  },
  write(session) {
    if (session) localStorage.setItem(KEPT_AS, JSON.stringify(session));
    else localStorage.removeItem(KEPT_AS);
    tellListeners();
  },
  async alone(work) {
    // Browsers have no locks on plain HTTP from another machine: two tabs may then end a session by renewing it at once.
    if (!("locks" in navigator)) return work();
    return navigator.locks.request(KEPT_AS, work);
  },
  subscribe(listener) {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};
