import { join } from "node:path";
import { openAccounts } from "@stoa/accounts";
import { ensureKeyFile } from "@stoa/host";
import { limits, StoaError } from "@stoa/protocol";
import { pino } from "pino";
import { collectDefaultMetrics, Registry } from "prom-client";
import { chainSync } from "./chain/chain-sync.ts";
import type { ServerConfig } from "./config.ts";
import { startEffects } from "./effects/start-effects.ts";
import { openGasless } from "./gasless/open-gasless.ts";
import type { App } from "./http/app.ts";
import { buildApp } from "./http/build-app.ts";
import { marketInfo } from "./market-info.ts";
import { openFoundation } from "./open-foundation.ts";
import { openUploads } from "./uploads/open-uploads.ts";

const WEB_ROOT = join(import.meta.dirname, "..", "..", "web", "dist");

/** A running market. */
export interface Server extends AsyncDisposable {
  /** Where its REST API and web page answer. */
  readonly url: string;
  /** Takes nothing new, finishes what it has taken, and closes everything. */
  stop(): Promise<void>;
}

/**
 * Starts the market's process: database and chain, effects with the nodes' network, and HTTP, in that order, and stops
 * them in the reverse one.
 * @throws {StoaError} `data_locked`, `database_unavailable`, `chain_unavailable`, `invalid_configuration`
 */
export async function startServer(config: ServerConfig): Promise<Server> {
  const log = pino({
    level: config.logLevel,
    redact: ["*.token", "*.authorization", "*.apiKey", "*.input", "*.output"],
  });
  await using starting = new AsyncDisposableStack();
  const foundation = starting.use(await openFoundation(config));
  const { database, market, objects, chain } = foundation;
  const effects = starting.use(await startEffects(foundation, config, log));
  const metrics = new Registry();
  collectDefaultMetrics({ register: metrics });
  const baseUrl = config.publicUrl ?? `http://${config.host}:${config.port}`;
  const app = await buildApp({
    database,
    market,
    objects,
    uploads: openUploads({ folder: join(config.dataFolder, "uploads"), objects, maxBytes: limits.imageBytes }),
    quotes: effects.quotes,
    gasless: await openGasless(foundation, config),
    accounts: openAccounts({
      database,
      secret: await ensureKeyFile(config.secretFile),
      baseUrl,
      chainId: chain.chainId,
    }),
    info: () => marketInfo(foundation, config, effects.addresses()),
    chainSync: () => chainSync(foundation, config),
    checks: { database: async () => void (await database.query("select 1")), chain: effects.checkChain },
    webRoot: WEB_ROOT,
    rateLimits: config.rateLimits,
    trustProxy: config.trustProxy,
    corsOrigins: config.corsOrigins,
    metrics,
    log,
  });
  starting.defer(() => app.close());
  const url = await listen(app, config);
  log.info(
    { url, network: effects.addresses(), vault: market.terms.domain.vault, database: database.kind },
    "the market is open",
  );
  const running = starting.move();
  return { url, stop: () => running.disposeAsync(), [Symbol.asyncDispose]: () => running.disposeAsync() };
}

/** @throws {StoaError} `invalid_configuration` when another program has the port */
async function listen(app: App, { host, port }: ServerConfig): Promise<string> {
  try {
    return await app.listen({ host, port });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "EADDRINUSE") throw cause;
    throw new StoaError(
      "invalid_configuration",
      `another program listens on ${host}:${port}: stop it, or choose another port (STOA_PORT, or npm start -- --port)`,
      { cause },
    );
  }
}
