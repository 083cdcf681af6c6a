import { type MarketInfo, StoaError } from "@stoa/protocol";
import { refreshSession } from "./auth/refresh-session.ts";
import type { Connection } from "./connection.ts";
import { createCredentials, type CredentialsInit } from "./credentials.ts";
import { orderNonces } from "./tasks/order-nonces.ts";

export interface ConnectionInit extends CredentialsInit {
  /** The market's base address, such as `http://127.0.0.1:8080`. */
  url: string;
  /** The global fetch unless said otherwise. */
  fetch?: typeof fetch;
}

const TERMS_MAX_AGE_MS = 60_000;

/**
 * Opens what every operation of a client works with. Nothing is sent before an operation asks for it.
 * @throws {StoaError} `invalid_configuration` when the address is none
 */
export function openConnection(init: ConnectionInit): Connection {
  const url = baseUrl(init.url);
  const fetchOf = init.fetch ?? ((...args: Parameters<typeof fetch>) => globalThis.fetch(...args));
  let terms: { readAt: number; info: Promise<MarketInfo> } | null = null;
  const credentials = createCredentials(
    init,
    {
      // Writing and signing a message takes more code than all reading together: who never signs in never loads it.
      signIn: async (signer) => (await import("./auth/sign-in.ts")).signIn(connection, signer),
      refresh: (token) => refreshSession(connection, token),
    },
    Date.now,
  );
  const connection: Connection = {
    url,
    fetch: fetchOf,
    credentials,
    nextNonce: orderNonces(),
    terms() {
      if (!terms || Date.now() - terms.readAt > TERMS_MAX_AGE_MS) {
        // The schema it is held to comes with whoever signs over it.
        const info = import("./market/get-market.ts").then(({ getMarket }) => getMarket(connection));
        const read = { readAt: Date.now(), info };
        terms = read;
        // A failed reading is not kept.
        info.catch(() => {
          if (terms === read) terms = null;
        });
      }
      return terms.info;
    },
  };
  return connection;
}

function baseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol !== "http:" && url?.protocol !== "https:") {
    throw new StoaError(
      "invalid_configuration",
      `the market's address must be an http(s) one, got ${JSON.stringify(text)}`,
    );
  }
  return text.replace(/\/+$/, "");
}
