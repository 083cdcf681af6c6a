import { kyselyOf, type Database } from "@stoa/store";
import { betterAuth } from "better-auth";
import { siwe } from "better-auth/plugins/siwe";
import { generateSiweNonce } from "viem/siwe";
import { CamelCasePlugin } from "kysely";
import { verifyMessage } from "viem";

/** A session lasts this long after its last refresh. */
export const SESSION_SECONDS = 30 * 86_400;

/**
 * The sign-in library over the market's database, under the table names of migration 0002.
 * Its own HTTP routes are not mounted; it is called in process.
 */
export function openLibrary(options: { database: Database; secret: string; baseUrl: string; domain: string }) {
  const db = kyselyOf<Record<string, unknown>>(options.database).withPlugin(
    new CamelCasePlugin({ maintainNestedObjectKeys: true }),
  );
  return betterAuth({
    database: { db: db as never, type: "postgres" },
    secret: options.secret,
    baseURL: options.baseUrl,
    user: { modelName: "accounts" },
    session: { modelName: "sessions", fields: { userId: "accountId" }, expiresIn: SESSION_SECONDS },
    account: { modelName: "credentials", fields: { userId: "accountId", accountId: "providerAccountId" } },
    verification: { modelName: "verifications" },
    telemetry: { enabled: false },
    // What it would log reaches the caller as an error, and is logged once there.
    logger: { disabled: true },
    plugins: [
      siwe({
        domain: options.domain,
        getNonce: () => Promise.resolve(generateSiweNonce()),
        verifyMessage: ({ message, signature, address }) =>
          verifyMessage({ address: address as `0x${string}`, message, signature: signature as `0x${string}` }),
        schema: { walletAddress: { modelName: "wallets", fields: { userId: "accountId" } } },
      }),
    ],
  });
}

export type Library = ReturnType<typeof openLibrary>;
