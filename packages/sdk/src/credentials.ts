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

export interface CredentialsInit {
  apiKey?: string | undefined;
  /** An access token had elsewhere; it is not refreshed. */
  token?: string | undefined;
  /** A wallet to sign in with when a request first needs it. */
  signer?: WalletSigner | undefined;
}

interface Held {
  tokens: SessionTokens;
  /** Epoch milliseconds. */
  expiresAt: number;
}

/** A session this close to its end is renewed before it is used. */
const EARLY_MS = 30_000;

/**
 * Holds what a client proves itself with: a session when it has signed in, else its token or API key. Requests that
 * need a session at the same time share one sign-in.
 * @param clock epoch milliseconds
 */
export function createCredentials(init: CredentialsInit, exchange: SessionExchange, clock: () => number): Credentials {
  let signer = init.signer;
  let held: Held | null = null;
  let renewing: Promise<void> | null = null;

  async function exchangeTokens(): Promise<void> {
    const refreshToken = held?.tokens.refreshToken;
    held = null;
    const refreshed = refreshToken === undefined ? null : await refreshOrNull(exchange, refreshToken);
    const tokens = refreshed ?? (signer ? await exchange.signIn(signer) : null);
    held = tokens && { tokens, expiresAt: clock() + tokens.expiresIn * 1_000 };
  }

  function renewSession(): Promise<void> {
    renewing ??= exchangeTokens().finally(() => {
      renewing = null;
    });
    return renewing;
  }

  async function session(): Promise<SessionTokens | null> {
    const isFresh = held !== null && held.expiresAt - clock() > EARLY_MS;
    if (!isFresh && (held || signer || renewing)) await renewSession();
    return held?.tokens ?? null;
  }

  return {
    async headers() {
      if (init.apiKey !== undefined && !signer && !held) return { "x-api-key": init.apiKey };
      const bearer = (await session())?.accessToken ?? init.token;
      return bearer === undefined ? {} : { authorization: `Bearer ${bearer}` };
    },
    async token() {
      if (init.apiKey !== undefined && !signer && !held) return init.apiKey;
      return (await session())?.accessToken ?? init.token ?? null;
    },
    async renew() {
      if (!held && !signer) return false;
      await renewSession();
      return held !== null;
    },
    async signIn(wallet) {
      signer = wallet;
      held = null;
      await renewSession();
      return (held as Held | null)!.tokens;
    },
    hold(tokens) {
      signer = undefined;
      held = { tokens, expiresAt: clock() + tokens.expiresIn * 1_000 };
    },
    forget() {
      signer = undefined;
      held = null;
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
