import { createSender } from "@stoa/chain";
import { readKeyFile } from "@stoa/host";
import { type NodeHub, startNodeHub } from "@stoa/network";
import { StoaError } from "@stoa/protocol";
import type { Logger } from "pino";
import type { ServerConfig } from "../config.ts";
import type { Foundation } from "../open-foundation.ts";
import { anchorRoundsOnChain } from "./anchor-rounds.ts";
import { announceAgents } from "./announce-agents.ts";
import { collectDamages } from "./collect-damages.ts";
import { type Dispatch, startDispatch } from "./dispatch.ts";
import type { EffectContext } from "./effect-context.ts";
import { admitNode, dropMissing, dropNode, finishDrops } from "./follow-nodes.ts";
import { followVault } from "./follow-vault.ts";
import { keepPartitions } from "./keep-partitions.ts";
import { handleNodeMessage } from "./handle-node-message.ts";
import { openQuotes, type Quotes } from "../quotes/open-quotes.ts";
import { type OpenAuctions, runOpenAuctions } from "./run-open-auctions.ts";
import { type Rounds, runRounds } from "./run-rounds.ts";
import { runSubtasks, type Subtasks } from "./run-subtasks.ts";
import { runWorkflows } from "./run-workflows.ts";
import { settleOnChain } from "./settle-on-chain.ts";
import { watchClock } from "./watch-clock.ts";

/** How often the vault is read. */
const VAULT_POLL_MS = 500;
/** What nodes get on top of their grace to find a restarted market again. */
const RETURN_MS = 8_000;

/** Everything the server does outside a request. */
export interface Effects extends AsyncDisposable {
  /** Multiaddrs nodes dial. */
  addresses(): string[];
  quotes: Quotes;
  /** Rejects with what keeps the chain from being followed. */
  checkChain(): Promise<void>;
}

/** What the hub's handlers reach once everything stands; a message that comes earlier is tried again. */
interface Late {
  rounds?: Rounds;
  quotes?: Quotes;
  auctions?: OpenAuctions;
  dispatch?: Dispatch;
  subtasks?: Subtasks;
}

/** Starts the nodes' network, the round clock, dispatch, deadlines, settlement and the vault's watcher. */
export async function startEffects(foundation: Foundation, config: ServerConfig, log: Logger): Promise<Effects> {
  const { database, market, objects, chain, operator } = foundation;
  const closing = new AbortController();
  const late: Late = {};
  await finishDrops({ database, market, log });
  const hub = await openHub(foundation, config, log, late);
  const context: EffectContext = {
    database,
    market,
    objects,
    hub,
    chain,
    sender: createSender(chain, operator),
    log,
    signal: closing.signal,
  };
  const rounds = runRounds({ ...context, retryMs: config.roundRetryMs });
  const auctions = runOpenAuctions({ ...context, retryMs: config.roundRetryMs });
  const dispatch = startDispatch(context);
  const quotes = openQuotes(context);
  const subtasks = runSubtasks(context);
  Object.assign(late, { rounds, auctions, dispatch, quotes, subtasks });
  announceAgents(context);
  const repeated = [
    dispatch,
    auctions,
    subtasks,
    watchClock(context),
    runWorkflows(context),
    settleOnChain(context),
    collectDamages(context),
    keepPartitions(context, config),
  ];
  const { anchors: contract, anchorSeconds, confirmations } = config;
  if (contract) {
    repeated.push(anchorRoundsOnChain({ ...context, contract, everyMs: anchorSeconds * 1_000, confirmations }));
  }
  const chainFault = { error: null as Error | null };
  const followed = followVault({
    ...context,
    fromBlock: config.vaultBlock,
    confirmations: config.confirmations,
    pollMs: VAULT_POLL_MS,
    onFault: (error) => (chainFault.error = error),
  }).catch((error: unknown) => {
    chainFault.error = error as Error;
    log.error({ err: error }, "the vault cannot be followed; an operator must look at it");
  });
  let returning = setTimeout(dropLate, config.nodeGraceMs + RETURN_MS);
  function dropLate(): void {
    dropMissing(context, hub.online()).catch((error: unknown) => {
      log.error({ err: error }, "missing nodes could not be dropped and will be tried again");
      if (!closing.signal.aborted) returning = setTimeout(dropLate, RETURN_MS);
    });
  }

  return {
    addresses: () => hub.addresses(),
    quotes,
    checkChain: () => (chainFault.error ? Promise.reject(chainFault.error) : Promise.resolve()),
    async [Symbol.asyncDispose]() {
      clearTimeout(returning);
      closing.abort();
      await Promise.allSettled([rounds.ended, followed, ...repeated.map(({ ended }) => ended)]);
      await hub[Symbol.asyncDispose]();
    },
  };
}

async function openHub(
  { database, market, objects, operator }: Foundation,
  config: ServerConfig,
  log: Logger,
  late: Late,
): Promise<NodeHub> {
  const { domain, token, feeBps } = market.terms;
  const hub = await startNodeHub({
    privateKey: await readKeyFile(config.operatorKeyFile),
    listen: config.listen,
    ...(config.announce ? { announce: config.announce } : {}),
    market: { operator: operator.address, chainId: domain.chainId, vault: domain.vault, token, feeBps },
    graceMs: config.nodeGraceMs,
    heartbeatTimeoutMs: config.nodeHeartbeatMs,
    authorise: (hello) => admitNode({ database, market, log }, hello),
    onMessage(node, message) {
      const { rounds, auctions, quotes, subtasks } = late;
      if (!rounds || !auctions || !quotes || !subtasks)
        throw new StoaError("server_unavailable", "the market is starting");
      return handleNodeMessage({ market, objects, hub, rounds, auctions, quotes, subtasks }, node, message);
    },
    async onOnline(node) {
      const { rounds, auctions, dispatch, subtasks } = late;
      if (!rounds || !auctions || !dispatch || !subtasks)
        throw new StoaError("server_unavailable", "the market is starting");
      rounds.consider();
      await auctions.resend(node);
      await dispatch.resend(node);
      await subtasks.resend(node);
      auctions.consider();
    },
    onOffline: (node, reason) => dropNode({ database, market, log }, node, reason),
    log,
  });
  return hub;
}
