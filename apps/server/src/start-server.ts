import { join } from "node:path";
import { openAccounts } from "@stoa/accounts";
import { connectChain, createSender } from "@stoa/chain";
import { RULE_VERSION } from "@stoa/core";
import { openMarket } from "@stoa/market";
import { startNodeHub } from "@stoa/network";
import { limits, type MarketInfo, type NodeId } from "@stoa/protocol";
import { openDatabase } from "@stoa/store";
import { pino } from "pino";
import { collectDefaultMetrics, Registry } from "prom-client";
import { privateKeyToAccount } from "viem/accounts";
import type { ServerConfig } from "./config.ts";
import { collectDamages } from "./effects/collect-damages.ts";
import { startDispatch } from "./effects/dispatch.ts";
import type { EffectContext } from "./effects/effect-context.ts";
import { admitNode, dropMissing, dropNode } from "./effects/follow-nodes.ts";
import { followVault } from "./effects/follow-vault.ts";
import { handleNodeMessage } from "./effects/handle-node-message.ts";
import { runRounds } from "./effects/run-rounds.ts";
import { settleOnChain } from "./effects/settle-on-chain.ts";
import { watchClock } from "./effects/watch-clock.ts";
import { buildApp } from "./http/build-app.ts";
import { ensureKeyFile, readKeyFile } from "./keys.ts";
import { openObjectStore } from "./objects/object-store.ts";
import { openTerms } from "./open-terms.ts";
import { version } from "./version.ts";

const WEB_ROOT = join(import.meta.dirname, "..", "..", "web", "public");
/** How often the vault is read. */
const VAULT_POLL_MS = 500;
/** What nodes get on top of their grace to find a restarted market again. */
const RETURN_MS = 8_000;

/** A running market. */
export interface Server extends AsyncDisposable {
  /** Where its REST API and web page answer. */
  readonly url: string;
  /** Takes nothing new, finishes what it has taken, and closes everything. */
  stop(): Promise<void>;
}

/**
 * Starts the market's process: database, chain, nodes' network, effects and HTTP, in that order, and stops them in
 * the reverse one.
 * @throws {StoaError} `data_locked`, `database_unavailable`, `chain_unavailable`, `invalid_configuration`
 */
export async function startServer(config: ServerConfig): Promise<Server> {
  const log = pino({ level: config.logLevel, redact: ["*.token", "*.authorization", "*.apiKey", "*.input", "*.output"] });
  const stack = new AsyncDisposableStack();
  const closing = new AbortController();
  try {
    const operator = privateKeyToAccount(await readKeyFile(config.operatorKeyFile));
    const secret = await ensureKeyFile(config.secretFile);
    const database = stack.use(await openDatabase({ url: config.databaseUrl, folder: join(config.dataFolder, "database") }));
    const objects = openObjectStore(join(config.dataFolder, "objects"));
    const chain = await connectChain({ rpcUrl: config.rpcUrl });
    const { terms, token } = await openTerms(chain, config, operator.address);
    const market = openMarket({ database, terms, operator });
    stack.defer(() => market.stop());
    const vault = { away: null as Error | null };
    let effects: { messages: Parameters<typeof handleNodeMessage>[0]; resend: (node: NodeId) => Promise<void> } | undefined;

    const hub = await startNodeHub({
      privateKey: await readKeyFile(config.operatorKeyFile),
      listen: config.listen,
      ...(config.announce ? { announce: config.announce } : {}),
      market: { operator: operator.address, chainId: chain.chainId, vault: terms.domain.vault, token: terms.token, feeBps: terms.feeBps },
      graceMs: config.nodeGraceMs,
      heartbeatTimeoutMs: config.nodeHeartbeatMs,
      authorise: (hello) => admitNode({ database, market, log }, hello),
      onMessage: async (node, message) => {
        if (effects) await handleNodeMessage(effects.messages, node, message);
      },
      onOnline: (node) => effects?.resend(node),
      onOffline: (node, reason) => dropNode({ database, market, log }, node, reason),
      log,
    });
    stack.use(hub);

    const context: EffectContext = { database, market, objects, hub, chain, sender: createSender(chain, operator), log, signal: closing.signal };
    const rounds = runRounds({ ...context, retryMs: config.roundRetryMs });
    const dispatch = startDispatch(context);
    effects = { messages: { ...context, rounds }, resend: (node) => dispatch.resend(node) };
    const running = [rounds, watchClock(context), settleOnChain(context), collectDamages(context)].map(({ ended }) => ended);
    const followed = followVault({
      ...context,
      fromBlock: config.vaultBlock,
      confirmations: config.confirmations,
      pollMs: VAULT_POLL_MS,
      onFault: (error) => (vault.away = error),
    }).catch((error: unknown) => {
      vault.away = error as Error;
      log.error({ err: error }, "the vault cannot be followed; an operator must look at it");
    });
    const returning = setTimeout(() => {
      dropMissing(context, hub.online()).catch((error: unknown) => log.error({ err: error }, "missing nodes could not be dropped"));
    }, config.nodeGraceMs + RETURN_MS);
    stack.defer(async () => {
      clearTimeout(returning);
      closing.abort();
      await Promise.allSettled([...running, followed]);
    });

    const metrics = new Registry();
    collectDefaultMetrics({ register: metrics });
    let url = "";
    const info = (): MarketInfo => ({
      chainId: chain.chainId,
      ...(config.publishRpc ? { rpcUrl: config.rpcUrl } : {}),
      vault: terms.domain.vault,
      token,
      operator: operator.address,
      feeBps: terms.feeBps,
      withdrawDelaySeconds: terms.withdrawDelaySeconds,
      challengeWindowSeconds: terms.challengeWindowSeconds,
      approvalWindowSeconds: terms.approvalWindowSeconds,
      roundWindowMs: terms.roundWindowMs,
      minBond: terms.minBond.toString(),
      ruleVersion: RULE_VERSION,
      limits: { ...limits },
      network: { addresses: hub.addresses() },
      version,
    });
    const baseUrl = config.publicUrl ?? `http://${config.host}:${config.port}`;
    const accounts = openAccounts({ database, secret, baseUrl, chainId: chain.chainId });
    const app = await buildApp({
      database,
      market,
      accounts,
      objects,
      info,
      log,
      metrics,
      checks: {
        database: async () => void (await database.query("select 1")),
        chain: async () => {
          if (vault.away) throw vault.away;
        },
      },
      webRoot: WEB_ROOT,
    });
    stack.defer(() => app.close());
    url = await app.listen({ host: config.host, port: config.port });
    log.info({ url, network: hub.addresses(), vault: terms.domain.vault, database: database.kind }, "the market is open");
    const owned = stack.move();
    return { url, stop: () => owned.disposeAsync(), [Symbol.asyncDispose]: () => owned.disposeAsync() };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}
