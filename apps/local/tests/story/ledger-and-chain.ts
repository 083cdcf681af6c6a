import { until } from "@stoa/local";
import { ledgerProblems } from "@stoa/testkit";
import { PATIENCE_MS } from "../boot-market.ts";
import { chainProblems } from "../chain-problems.ts";
import type { Story } from "./open-story.ts";
import { CONFIRMATIONS } from "./weather.ts";

/** Where the ledger breaks its laws or is not what the chain says, once it has taken all there is by now. */
export async function ledgerAndChain({ booted, database, weather }: Story): Promise<string[]> {
  const { market } = booted;
  const head = await market.chain.client.getBlockNumber({ cacheTime: 0 });
  await weather.mine(CONFIRMATIONS);
  await until("the ledger to have the chain's last events", PATIENCE_MS, async () => {
    // A chain that turned a moment ago may be shorter than it just was.
    await weather.mine(1);
    const [cursor] = await database.query<{ block: bigint }>("select block_number as block from chain_cursor");
    return cursor && cursor.block >= head;
  });
  const ahead = await database.query<{ what: string }>(
    `select 'the chain is ahead of the ledger by ' || amount || ' of ' || owner as what from debts where amount <> 0
      union all
     select 'the chain took ' || amount || ' more than there was of ' || account from overdrafts where amount <> 0`,
  );
  return [
    ...ahead.map(({ what }) => what),
    ...(await ledgerProblems(database)),
    ...(await chainProblems(market, database)),
  ];
}
