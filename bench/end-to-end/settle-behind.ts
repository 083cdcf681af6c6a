import { vaultBalance } from "@stoa/chain";
import { until, wallets } from "@stoa/local";
import { type Database, sumBalances } from "@stoa/store";
import type { BenchMarket } from "./start-market.ts";

const SETTLED_MS = 600_000;

/**
 * Has all that was gathered settled on chain, and resolves when every event of it is back on the ledger.
 * @throws {Error} when the ledger and the vault differ on anybody's money then
 */
export async function settleBehind({ market, settleAtOnce }: BenchMarket, database: Database): Promise<void> {
  await settleAtOnce();
  await until("everything to be settled on chain", SETTLED_MS, async () => {
    const [left] = await database.query<{ count: bigint }>(
      "select count(*) as count from settlements where state <> 'confirmed'",
    );
    return left?.count === 0n;
  });
  const { vault, token } = market.book;
  for (const { address } of [wallets.requester, wallets.creator, wallets.treasury, ...wallets.providers]) {
    const onChain = await vaultBalance(market.chain, vault, address, token);
    const booked = await sumBalances(database, address);
    const [platform] = await database.query<{ amount: bigint }>(
      "select amount from balances where account = 'platform'",
    );
    const fees = address === wallets.treasury.address ? (platform?.amount ?? 0n) : 0n;
    const expected = booked.available + booked.held + booked.earmarked + fees;
    if (onChain.available !== expected)
      throw new Error(`${address} has ${onChain.available} in the vault, and ${expected} by the ledger`);
  }
}
