import { join } from "node:path";
import { type Chain, type ChainSender, connectChain, createSender, requireOwnAccounts } from "@stoa/chain";
import { ensureKeyFile, type Key, readKeyFile } from "@stoa/host";
import { type Market, type MarketInit, openMarket } from "@stoa/market";
import { signingAccount } from "@stoa/protocol";
import { type Database, openDatabase } from "@stoa/store";
import type { LocalAccount } from "viem";
import { tableJournal } from "./chain/table-journal.ts";
import type { ServerConfig } from "./config.ts";
import { type ObjectStore, openObjectStore } from "./objects/object-store.ts";
import { openLargeStore } from "./objects/open-large-store.ts";
import { openTerms, type OpenedTerms } from "./open-terms.ts";

/** What everything else of the server stands on. */
export interface Foundation extends AsyncDisposable {
  database: Database;
  objects: ObjectStore;
  chain: Chain;
  /** The operator's: every server process has one, over the same journal. */
  sender: ChainSender;
  market: Market;
  /** Holds the operator's key: signs awards, pays for settlement. */
  operator: LocalAccount;
  /** The same key, for the nodes' network, whose identity it is. */
  operatorKey: Key;
  /** Holds the key that orders for workflows: another than the operator's, which has no say in what is ordered. */
  runner: LocalAccount;
  token: OpenedTerms["token"];
  nodesContract: OpenedTerms["nodesContract"];
  claimBatches: OpenedTerms["claimBatches"];
}

/**
 * Opens the database, the object store, the chain and the market over them.
 * @throws {StoaError} `data_locked`, `database_unavailable`, `store_unavailable`, `chain_unavailable`, `invalid_configuration`
 */
export async function openFoundation(
  config: ServerConfig,
  { onBatch }: Pick<MarketInit, "onBatch"> = {},
): Promise<Foundation> {
  await using opening = new AsyncDisposableStack();
  const operatorKey = await readKeyFile(config.operatorKeyFile, config.operatorPassphraseFile);
  const operator = signingAccount(operatorKey);
  const runner = signingAccount(await ensureKeyFile(config.runnerKeyFile));
  const database = opening.use(
    await openDatabase({
      url: config.databaseUrl,
      folder: join(config.dataFolder, "database"),
      span: config.partitionSpan,
    }),
  );
  const objects = openObjectStore({ large: await openLargeStore(config), database });
  const chain = await connectChain({ rpcUrl: config.rpcUrl });
  const admins = Object.fromEntries(config.admins.map((address) => [`the admin ${address}`, address]));
  requireOwnAccounts(chain.chainId, { "the operator": operator.address, "the runner": runner.address, ...admins });
  const { terms, token, nodesContract, claimBatches } = await openTerms(chain, config, operator.address);
  const market = openMarket({ database, terms, operator, runner, onBatch });
  opening.defer(() => market.stop());
  await market.ready;
  const opened = opening.move();
  return {
    database,
    objects,
    chain,
    sender: createSender(chain, operator, {
      journal: tableJournal(database, { chainId: chain.chainId, sender: operator.address }),
      confirmations: config.confirmations,
      maxFeePerGas: BigInt(config.maxFeeGwei) * 1_000_000_000n,
    }),
    market,
    operator,
    operatorKey,
    runner,
    token,
    nodesContract,
    claimBatches,
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}
