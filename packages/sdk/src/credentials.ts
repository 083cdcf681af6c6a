import type { SessionTokens, Signer } from "@stoa/protocol";

/** A wallet that signs messages too: what signing in needs. */
export interface WalletSigner extends Signer {
  signMessage(request: { message: string }): Promise<`0x${string}`>;
}

/** Says on every request who it comes from. */
export interface Credentials {
  headers(): Promise<Record<string, string>>;
  /** An access token or an API key, for the live stream; null when the client is nobody. */
  token(): Promise<string | null>;
  /** Gets a fresh session after a refused one; false when there is nothing to get it with. */
  renew(): Promise<boolean>;
  /** Signs in now, and again by itself from now on. */
  signIn(signer: WalletSigner): Promise<SessionTokens>;
  /** Takes a session that was had otherwise, in the place of what there was; it is refreshed from now on. */
  hold(tokens: SessionTokens): void;
  /** Forgets the session; an API key stays. */
  forget(): void;
}

/** How sessions are had from the market. */
export interface SessionExchange {
  signIn(signer: WalletSigner): Promise<SessionTokens>;
  refresh(refreshToken: string): Promise<SessionTokens>;
}

/**
 * Where a session outlives the program that has it, such as a browser's storage. Several programs may share one: each
 * reads it before it renews, and renews while nobody else does, since a refresh token is good for one refresh.
 */
export interface SessionStore {
  read(): HeldSession | null;
  /** Null forgets it. */
  write(session: HeldSession | null): void;
  /** Runs the work while no other program with the same store runs such work. */
  alone<Result>(work: () => Promise<Result>): Promise<Result>;
}

export interface HeldSession {
  tokens: SessionTokens;
  /** Epoch milliseconds. */
  expiresAt: number;
}

export interface CredentialsInit {
  apiKey?: string | undefined;
  /** An access token had elsewhere; it is not refreshed. */
  token?: string | undefined;
  /** A wallet to sign in with when a request first needs it. */
  signer?: WalletSigner | undefined;
  /** Keeps the session for the next start; only in memory when absent. */
  store?: SessionStore | undefined;
}

/** A session this close to its end is renewed before it is used. */
const EARLY_MS = 30_000;

/**
 * Holds what a client proves itself with: a session when it has signed in, else its token or API key. Requests that
 * need a session at the same time share one sign-in.
 * @param clock epoch milliseconds
 */
export function createCredentials(init: CredentialsInit, exchange: SessionExchange, clock: () => number): Credentials {
  const store = init.store ?? memoryStore();
  let signer = init.signer;
  let renewing: Promise<void> | null = null;

  function isFresh({ expiresAt }: HeldSession): boolean {
    return expiresAt - clock() > EARLY_MS;
  }

  /** @param refused the access token that was not taken, however long it was said to be good for */
  async function exchangeTokens(refused: string | undefined): Promise<void> {
    const kept = store.read();
    // Another program renewed it meanwhile.
    if (kept && kept.tokens.accessToken !== refused && isFresh(kept)) return;
    const refreshed = kept ? await refreshOrNull(exchange, kept.tokens.refreshToken) : null;
    const tokens = refreshed ?? (signer ? await exchange.signIn(signer) : null);
    store.write(tokens && { tokens, expiresAt: clock() + tokens.expiresIn * 1_000 });
  }

  function renewSession(): Promise<void> {
    const refused = store.read()?.tokens.accessToken;
    renewing ??= store
      .alone(() => exchangeTokens(refused))
      .finally(() => {
        renewing = null;
      });
    return renewing;
  }

  async function session(): Promise<SessionTokens | null> {
    const held = store.read();
    if (!(held && isFresh(held)) && (held || signer || renewing)) await renewSession();
    return store.read()?.tokens ?? null;
  }

  return {
    async headers() {
      if (init.apiKey !== undefined && !signer && !store.read()) return { "x-api-key": init.apiKey };
      const bearer = (await session())?.accessToken ?? init.token;
      return bearer === undefined ? {} : { authorization: `Bearer ${bearer}` };
    },
    async token() {
      if (init.apiKey !== undefined && !signer && !store.read()) return init.apiKey;
      return (await session())?.accessToken ?? init.token ?? null;
    },
    async renew() {
      if (!store.read() && !signer) return false;
      await renewSession();
      return store.read() !== null;
    },
    async signIn(wallet) {
      signer = wallet;
      store.write(null);
      await renewSession();
      return store.read()!.tokens;
    },
    hold(tokens) {
      signer = undefined;
      store.write({ tokens, expiresAt: clock() + tokens.expiresIn * 1_000 });
    },
    forget() {
      signer = undefined;
      store.write(null);
    },
  };
}

/** A refresh token that ran out or was used is no error while the wallet can sign in again. */
async function refreshOrNull(exchange: SessionExchange, refreshToken: string): Promise<SessionTokens | null> {
  try {
    return await exchange.refresh(refreshToken);
  } catch (error) {
    if ((error as { code?: string }).code === "unauthorized") return null;
    throw error;
  }
}

function memoryStore(): SessionStore {
  let held: HeldSession | null = null;
  return {
    read: () => held,
    write: (session) => {
      held = session;
    },
    alone: (work) => work(),
  };
}
