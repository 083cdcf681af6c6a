import { kyselyOf, type Database } from "@stoa/store";
import { betterAuth } from "better-auth";
import { bearer } from "better-auth/plugins/bearer";
import { twoFactor } from "better-auth/plugins/two-factor";
import { CamelCasePlugin } from "kysely";

/** A session lasts this long after its last refresh. */
export const SESSION_SECONDS = 30 * 86_400;

/**
 * The sign-in library over the market's database, under the table names of the migrations. It keeps second factors; its
 * own HTTP routes are not mounted, it is called in process.
 */
export function openLibrary(options: { database: Database; secret: string; baseUrl: string }) {
  const db = kyselyOf<Record<string, unknown>>(options.database).withPlugin(
    new CamelCasePlugin({ maintainNestedObjectKeys: true }),
  );
  return betterAuth({
    appName: "Stoa",
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
      bearer(),
      twoFactor({
        // A password, where there is one, is asked for by our own operations, which count attempts.
        allowPasswordless: true,
        schema: { twoFactor: { modelName: "second_factors", fields: { userId: "accountId" } } },
      }),
    ],
  });
}

export type Library = ReturnType<typeof openLibrary>;
