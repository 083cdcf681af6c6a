import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSender, deposit, mintTestDollars, stake } from "@stoa/chain";
import { type LocalMarket, startLocalMarket, until, wallets } from "@stoa/local";
import { encodeTyped, type Json, signTyped } from "@stoa/protocol";
import { type PostgresServer, startPostgres } from "@stoa/testkit";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import type { NodesInit } from "./nodes.ts";

const DOLLAR = 1_000_000n;
const FUNDS = 100_000n * DOLLAR;
const BOND = 100_000n;
const LINKED_SECONDS = 86_400n;
const READY_MS = 60_000;
/** Longer than any run: the chain is not among what is measured. */
const GATHER_SECONDS = "86400";

/** A market in its own processes: database, chain, server, and nodes that answer at once. */
export interface BenchMarket extends AsyncDisposable {
  market: LocalMarket;
  postgres: PostgresServer;
  nodesPid: number;
  /** Ends the nodes, and starts the server anew, which gathers no settlements from then on. */
  settleAtOnce(): Promise<void>;
}

/** Starts it, with a requester that can pay and nodes that may bid. */
export async function startMarket(plan: {
  nodes: number;
  slots: number;
  capability: string;
  output: Json;
}): Promise<BenchMarket> {
  await using starting = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "stoa-bench-"));
  starting.defer(() => rm(folder, { recursive: true, force: true }));
  const postgres = starting.use(await startPostgres());
  const serverEnv = {
    STOA_LOG_LEVEL: "warn",
    STOA_ROUND_WINDOW_MS: "5000",
    STOA_SETTLE_SECONDS: GATHER_SECONDS,
  };
  const market = starting.use(
    await startLocalMarket({
      dataFolder: join(folder, "market"),
      port: 0,
      databaseUrl: await postgres.createDatabase("market"),
      nodes: [],
      serverEnv,
      isChainFleeting: true,
    }),
  );
  const { items } = await market.client.agents.list({ capability: plan.capability });
  const agentVersion = items[0]!.versionId;
  const nodes = await registerNodes(market, plan);
  const info = await market.client.market.info();
  const init: NodesInit = {
    addresses: info.network.addresses,
    domain: { chainId: market.chain.chainId, vault: market.book.vault },
    agentVersion,
    output: plan.output,
    folder,
    slots: plan.slots,
    bond: BOND.toString(),
    nodes,
  };
  const child = fork(join(import.meta.dirname, "nodes.ts"), [JSON.stringify(init)]);
  starting.defer(() => ended(child));
  await once(child, "message");
  await until("the deposit to be counted", READY_MS, async () => {
    return BigInt((await market.client.account.get()).balances.available) >= FUNDS;
  });
  const opened = starting.move();
  return {
    market,
    postgres,
    nodesPid: child.pid!,
    async settleAtOnce() {
      await ended(child);
      serverEnv.STOA_SETTLE_SECONDS = "0";
      await market.server.stop();
      await market.restartServer();
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

/** Funds the requester, and stakes for fresh nodes of one provider. */
async function registerNodes(
  { chain, book }: LocalMarket,
  { nodes, slots }: { nodes: number; slots: number },
): Promise<NodesInit["nodes"]> {
  const { vault, nodes: nodesContract, token } = book;
  const minter = createSender(chain, wallets.operator);
  const [provider] = wallets.providers;
  const [requester, staker] = [createSender(chain, wallets.requester), createSender(chain, provider!)];
  await mintTestDollars(minter, { token, to: requester.address, amount: FUNDS });
  await deposit(requester, { vault, token, amount: FUNDS });
  // Slots bound and slots offered are bonded apart.
  const amount = 4n * BigInt(slots) * BOND;
  await mintTestDollars(minter, { token, to: staker.address, amount: amount * BigInt(nodes) });
  const registered: NodesInit["nodes"] = [];
  for (let at = 0; at < nodes; at += 1) {
    const key = generatePrivateKey();
    const node = privateKeyToAccount(key).address;
    await stake(staker, { nodes: nodesContract, token, node, amount });
    const expiresAt = BigInt(Math.floor(Date.now() / 1_000)) + LINKED_SECONDS;
    const link = { node, provider: staker.address, expiresAt };
    const domain = { chainId: chain.chainId, vault };
    const linkSignature = await signTyped(provider!, domain, "NodeLink", link);
    registered.push({ key, link: encodeTyped("NodeLink", link), linkSignature, ask: String(4_000 + at * 500) });
  }
  return registered;
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  child.disconnect();
  await once(child, "exit");
}
