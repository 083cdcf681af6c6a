import { parseEventLogs } from "viem";
import { stakeOf, tokenBalance, vaultAbi, vaultBalance } from "@stoa/chain";
import { type LocalMarket, wallets } from "@stoa/local";
import type { Address, Hash } from "@stoa/protocol";
import type { Queryable } from "@stoa/store";

/**
 * Where ledger and chain differ, once everything that was settled is confirmed: `[]` when every account has on chain
 * what the ledger says, and every settled task was paid there exactly once.
 */
export async function chainProblems(market: LocalMarket, database: Queryable): Promise<string[]> {
  const ledger = await readLedger(database);
  const problems = differences(await readVault(market), ledger);
  const onChain = await settledOnChain(market);
  const settled = await database.query<{ id: Hash }>("select id from tasks where state = 'settled'");
  for (const { id } of settled) {
    const times = onChain.filter((orderHash) => orderHash === id).length;
    if (times !== 1) problems.push(`the task ${id} is settled and was paid ${times} times on chain`);
  }
  for (const orderHash of onChain) {
    if (!settled.some(({ id }) => id === orderHash))
      problems.push(`the chain paid for ${orderHash}, which is not settled`);
  }
  return problems;
}

async function readLedger(database: Queryable): Promise<Map<string, bigint>> {
  const rows = await database.query<{ account: string; amount: bigint }>("select account, amount from balances");
  return new Map(rows.map(({ account, amount }) => [account.toLowerCase(), amount]));
}

interface Difference {
  owner: string;
  /** The ledger's accounts that are one account of the vault. */
  accounts: string[];
  onChain: bigint;
}

function differences(vault: readonly Difference[], ledger: Map<string, bigint>): string[] {
  return vault.flatMap(({ owner, accounts, onChain }) => {
    const inLedger = accounts.reduce((sum, account) => sum + balanceOf(ledger, account.toLowerCase()), 0n);
    return inLedger === onChain
      ? []
      : [`${owner} has ${onChain} on chain and ${inLedger} in the ledger (${accounts.join(" + ")})`];
  });
}

/** A name that ends in a slash stands for all accounts that begin with it. */
function balanceOf(ledger: Map<string, bigint>, account: string): bigint {
  if (!account.endsWith("/")) return ledger.get(account) ?? 0n;
  return [...ledger].reduce((sum, [name, amount]) => sum + (name.startsWith(account) ? amount : 0n), 0n);
}

async function readVault({ chain, book, nodes }: LocalMarket): Promise<Difference[]> {
  const { vault, nodes: stakes, token } = book;
  const [held, staked] = await Promise.all([tokenBalance(chain, token, vault), tokenBalance(chain, token, stakes)]);
  const rows: Difference[] = [{ owner: "everybody", accounts: ["chain"], onChain: -(held + staked) }];
  const owners: [string, Address, string[]][] = [
    ["the requester", wallets.requester.address, []],
    ["the creator", wallets.creator.address, []],
    ["the treasury", wallets.treasury.address, ["platform"]],
    ["the fault pool", wallets.arbiter.address, ["faults"]],
    ...wallets.providers.map(({ address }, i): [string, Address, string[]] => [`provider ${i}`, address, []]),
  ];
  for (const [owner, address, own] of owners) {
    const { available, withdrawing } = await vaultBalance(chain, vault, address, token);
    const books = ["available", "held", "withdrawing"].map((name) => `${name}:${address}`);
    books.push(`earmarked:${address}/`);
    rows.push({ owner, accounts: [...books, ...own], onChain: available + withdrawing });
  }
  for (const [i, { name, address: node }] of nodes.entries()) {
    const provider = wallets.providers[i % wallets.providers.length]!.address;
    const { staked, unstaking } = await stakeOf(chain, stakes, { provider, node, token });
    const books = ["staked", "bonded", "unstaking"].map((kind) => `${kind}:${provider}/${node}`);
    rows.push({ owner: `node ${name}`, accounts: books, onChain: staked + unstaking });
  }
  return rows;
}

/** The orders the vault paid, the long way, the short or in batches of claims, one entry each time. */
export async function settledOnChain({ chain, book }: LocalMarket): Promise<Hash[]> {
  const logs = await chain.client.getLogs({ address: book.vault, fromBlock: BigInt(book.deployedAtBlock) });
  const settled = parseEventLogs({ abi: vaultAbi, logs, eventName: ["Settled", "AcceptedSettled", "ClaimSettled"] });
  return settled.map(({ args }) => args.orderHash);
}
