import { join } from "node:path";
import { openAccounts } from "@stoa/accounts";
import { verifySignedMessage } from "@stoa/chain";
import { ensureKeyFile, openTaskTraces } from "@stoa/host";
import { limits, StoaError } from "@stoa/protocol";
import { pino } from "pino";
import { collectDefaultMetrics, Registry } from "prom-client";
import { chainSync } from "./chain/chain-sync.ts";
import type { ServerConfig } from "./config.ts";
import { startEffects } from "./effects/start-effects.ts";
import { openGasless } from "./gasless/open-gasless.ts";
import type { App } from "./http/app.ts";
import { buildApp } from "./http/build-app.ts";
import { openMailbox } from "./mail/mailbox.ts";
import { mailFolder, openMailer } from "./mail/open-mailer.ts";
import { marketInfo } from "./market-info.ts";
import { embedderSettings } from "./search/embedder-settings.ts";
import { openSearch } from "./search/open-search.ts";
import { newServerId } from "./effects/join-servers.ts";
import { measureChecks } from "./observe/measure-checks.ts";
import { measureLane } from "./observe/measure-lane.ts";
import { measureLoad } from "./observe/measure-load.ts";
import { observeMarket } from "./observe/observe-market.ts";
import { openFoundation } from "./open-foundation.ts";
import { followSettings } from "./settings/live-settings.ts";
import { readOidcFile } from "./read-oidc-file.ts";
import { openUploads } from "./uploads/open-uploads.ts";
import { version } from "./version.ts";

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
  const metrics = new Registry();
  collectDefaultMetrics({ register: metrics });
  const instance = newServerId();
  const traces = starting.use(await openTaskTraces({ ...config.tracing, service: "stoa-server", version, instance }));
  const foundation = starting.use(await openFoundation(config, { onBatch: measureLane(metrics) }));
  const { database, market, objects, chain } = foundation;
  measureLoad(metrics, database, log);
  const observe = observeMarket({ market, metrics, traces });
  const mailer = starting.use(openMailer(config));
  const effects = starting.use(await startEffects(foundation, config, { log, id: instance, observe, mailer }));
  const search = starting.use(
    await openSearch({ database, market, log }, { embedder: await embedderSettings(config) }),
  );
  const baseUrl = config.publicUrl ?? `http://${config.host}:${config.port}`;
  const settings = starting.use(await followSettings(database, market.events, log));
  const accounts = openAccounts({
    database,
    secret: await ensureKeyFile(config.secretFile),
    baseUrl,
    chainId: chain.chainId,
    oidcProviders: await readOidcFile(config.oidcFile),
    // Asked of the chain, a signature may be a contract's, one that is not deployed yet too (ERC-1271, ERC-6492).
    verifyEthereum: (signed) => verifySignedMessage(chain, signed),
  });
  await accounts.ensureAdmins(config.admins);
  const checks = { database: async () => void (await database.query("select 1")), chain: effects.checkChain };
  measureChecks(metrics, checks);
  const app = await buildApp({
    database,
    market,
    objects,
    uploads: openUploads({ folder: join(config.dataFolder, "uploads"), objects, maxBytes: limits.imageBytes }),
    quotes: effects.quotes,
    search,
    gasless: await openGasless(foundation, config),
    accounts,
    settings,
    mailbox: config.smtpUrl === undefined && isLoopback(config.host) ? openMailbox(mailFolder(config)) : null,
    info: () => marketInfo(foundation, config, effects.addresses()),
    chainSync: () => chainSync(foundation, config),
    checks,
    webRoot: WEB_ROOT,
    rateLimits: config.rateLimits,
    trustProxy: config.trustProxy,
    corsOrigins: config.corsOrigins,
    metrics,
    traces,
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

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host.startsWith("127.");
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
