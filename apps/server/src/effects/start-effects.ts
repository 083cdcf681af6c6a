import { evmSettlement, type Settlement } from "@stoa/chain";
import { type NodeHub, startNodeHub } from "@stoa/network";
import { StoaError } from "@stoa/protocol";
import type { Logger } from "pino";
import type { ServerConfig } from "../config.ts";
import type { Mailer } from "../mail/mailer.ts";
import type { Foundation } from "../open-foundation.ts";
import { anchorRoundsOnChain } from "./anchor-rounds.ts";
import { announceAgents } from "./announce-agents.ts";
import { collectDamages } from "./collect-damages.ts";
import { deliverMails } from "./deliver-mails.ts";
import { type Dispatch, startDispatch } from "./dispatch.ts";
import type { EffectContext } from "./effect-context.ts";
import { findLostNodes } from "./find-lost-nodes.ts";
import { admitNode, dropNode } from "./follow-nodes.ts";
import { followVault } from "./follow-vault.ts";
import { keepPartitions } from "./keep-partitions.ts";
import { handleNodeMessage } from "./handle-node-message.ts";
import { openQuotes, type Quotes } from "../quotes/open-quotes.ts";
import { type OpenAuctions, runOpenAuctions } from "./run-open-auctions.ts";
import { holdNodes } from "./hold-nodes.ts";
import { joinServers } from "./join-servers.ts";
import { lead } from "./lead.ts";
import { type Rounds, runRounds } from "./run-rounds.ts";
import { runSubtasks, type Subtasks } from "./run-subtasks.ts";
import { runWorkflows } from "./run-workflows.ts";
import { openServerSignals } from "./server-signals.ts";
import { settleOnChain } from "./settle-on-chain.ts";
import { tellNetwork } from "./tell-network.ts";
import { watchClock } from "./watch-clock.ts";

/** How often the vault is read. */
const VAULT_POLL_MS = 500;
/** What nodes get on top of their grace to find a server again when theirs went away. */
const RETURN_MS = 8_000;

/** Everything the server does outside a request. */
export interface Effects extends AsyncDisposable {
  /** Multiaddrs nodes dial, of every server that is there: this one's first. */
  addresses(): string[];
  quotes: Quotes;
  /** Rejects with what keeps the chain from being followed. */
  checkChain(): Promise<void>;
}

interface EffectsInit {
  log: Logger;
  /** Which of the servers on its database this is. */
  id: string;
  /** Tells of what happens, for as long as its term lasts. */
  observe(term: AbortSignal): { ended: Promise<void> };
  mailer: Mailer;
}

/** What the hub's handlers reach once everything stands; a message that comes earlier is tried again. */
interface Late {
  rounds?: Rounds;
  quotes?: Quotes;
  auctions?: OpenAuctions;
  dispatch?: Dispatch;
  subtasks?: Subtasks;
}

/**
 * Starts the nodes' network, the round clock, dispatch, deadlines, settlement and the vault's watcher. Several servers
 * on one database share the capabilities' rounds; each of the other jobs is led by one of them.
 */
export async function startEffects(
  foundation: Foundation,
  config: ServerConfig,
  { log, id, observe, mailer }: EffectsInit,
): Promise<Effects> {
  const { database, market, objects } = foundation;
  const settlement = openSettlement(foundation, config);
  const closing = new AbortController();
  const late: Late = {};
  const hub = await openHub(foundation, config, log, late, id);
  const context: EffectContext = {
    database,
    market,
    objects,
    hub,
    settlement,
    log: log.child({ server: id }),
    signal: closing.signal,
  };
  const servers = await joinServers({ ...context, id, addresses: () => hub.addresses() });
  const signals = openServerSignals({ ...context, servers });
  const rounds = runRounds({ ...context, retryMs: config.roundRetryMs, servers, signals });
  const auctions = runOpenAuctions({ ...context, retryMs: config.roundRetryMs, servers });
  const dispatch = startDispatch(context);
  const quotes = openQuotes({ ...context, servers });
  const subtasks = runSubtasks(context);
  Object.assign(late, { rounds, auctions, dispatch, quotes, subtasks });
  announceAgents(context);
  const chainFault = { error: null as Error | null };
  const returnMs = config.nodeGraceMs + RETURN_MS;
  const { anchorSeconds, confirmations } = config;
  const { anchors } = settlement;
  const anchoring = { everyMs: anchorSeconds * 1_000, confirmations };
  const ended = [
    rounds,
    auctions,
    dispatch,
    subtasks,
    holdNodes({ ...context, servers }),
    lead(context, "observation", observe),
    lead(context, "deadlines", (signal) => watchClock({ ...context, signal })),
    lead(context, "workflows", (signal) => runWorkflows({ ...context, signal })),
    lead(context, "sender", (signal) => ({ ended: tend({ ...context, signal }) })),
    lead(context, "settle", (signal) => settleOnChain({ ...context, signal, gatherMs: config.settleSeconds * 1_000 })),
    lead(context, "damages", (signal) => collectDamages({ ...context, signal })),
    lead(context, "network", (signal) => tellNetwork({ ...context, signal })),
    lead(context, "partitions", (signal) => keepPartitions({ ...context, signal }, config)),
    lead(context, "mails", (signal) => deliverMails({ ...context, signal, mailer })),
    lead(context, "nodes", (signal) => findLostNodes({ ...context, signal, servers, returnMs })),
    lead(context, "vault", (signal) => ({ ended: follow({ ...context, signal }, config, chainFault) })),
    ...(anchors
      ? [lead(context, "anchor", (signal) => anchorRoundsOnChain({ ...context, signal, anchors, ...anchoring }))]
      : []),
  ].map((effect) => effect.ended);

  return {
    quotes,
    addresses: () => servers.addresses(),
    checkChain: () => (chainFault.error ? Promise.reject(chainFault.error) : Promise.resolve()),
    async [Symbol.asyncDispose]() {
      closing.abort();
      await Promise.allSettled(ended);
      await servers.leave().catch((error: unknown) => log.warn({ err: error }, "the other servers could not be told"));
      await hub[Symbol.asyncDispose]();
    },
  };
}

function openSettlement({ sender, nodesContract, claimBatches }: Foundation, config: ServerConfig): Settlement {
  const { vault, vaultBlock: fromBlock, anchors = null } = config;
  return evmSettlement(sender, { vault, nodes: nodesContract, claimBatches, anchors, fromBlock });
}

/** Sees to what the operator has in flight, whichever process sent it. */
function tend({ settlement, log, signal }: EffectContext): Promise<void> {
  return settlement.tend({
    signal,
    onTrouble: (error) => log.warn({ err: error }, "a transaction does not get on and is looked at again"),
  });
}

/** Follows the vault until the term ends; what keeps it from being followed is what readiness tells. */
async function follow(
  context: EffectContext,
  config: ServerConfig,
  chainFault: { error: Error | null },
): Promise<void> {
  chainFault.error = null;
  try {
    await followVault({
      ...context,
      facts: context.settlement.facts,
      confirmations: config.confirmations,
      pollMs: VAULT_POLL_MS,
      onFault: (error) => (chainFault.error = error),
    });
  } catch (error) {
    chainFault.error = error as Error;
    context.log.error({ err: error }, "the vault cannot be followed; an operator must look at it");
  }
}

async function openHub(
  { database, market, objects, operator, operatorKey }: Foundation,
  config: ServerConfig,
  log: Logger,
  late: Late,
  server: string,
): Promise<NodeHub> {
  const { domain, token, feeBps } = market.terms;
  const hub = await startNodeHub({
    privateKey: operatorKey,
    listen: config.listen,
    ...(config.announce ? { announce: config.announce } : {}),
    market: { operator: operator.address, chainId: domain.chainId, vault: domain.vault, token, feeBps },
    graceMs: config.nodeGraceMs,
    heartbeatTimeoutMs: config.nodeHeartbeatMs,
    authorise: (hello) => admitNode({ database, market, log }, hello, server),
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
    onOffline: (node, reason) => dropNode({ database, market, log }, { node, reason, server }),
    log,
  });
  return hub;
}
