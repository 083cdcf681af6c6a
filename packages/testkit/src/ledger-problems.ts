import type { Queryable } from "@stoa/store";

/** Each statement returns one row per breach; its columns say what is wrong where. */
const LAWS: Record<string, string> = {
  "the entries of every posting sum to zero": `select posting_id as place, sum(amount) as actual, 0 as expected
       from entries group by posting_id having sum(amount) <> 0`,
  "balances are what their entries sum to": `select account as place, balances.amount as actual, summed.amount as expected
       from balances full join (select account, sum(amount) as amount from entries group by account) as summed using (account)
      where coalesce(balances.amount, 0) <> coalesce(summed.amount, 0)`,
  "no balance but the chain's is below zero": `select account as place, amount as actual, 0 as expected
       from balances where amount < 0 and account <> 'chain'`,
  "what is held is the sum of the unfinished tasks' maximum prices": `select account as place, balance as actual, wanted as expected
       from (select 'held:' || requester as account, sum(max_price) as wanted from tasks
              where state in ('open', 'awarded', 'running', 'delivered') group by requester) as due
       full join (select account, amount as balance from balances where account like 'held:%') as kept using (account)
      where coalesce(balance, 0) <> coalesce(wanted, 0)`,
  "what is bonded is the sum of the bonds of awards under way": `select account as place, balance as actual, wanted as expected
       from (select 'bonded:' || provider || '/' || node as account, sum(bond) as wanted from awards
              where state in ('made', 'running') or (state = 'delivered'
                and exists (select 1 from tasks where id = task_id and award_hash = hash and tasks.state = 'delivered'))
              group by provider, node) as due
       full join (select account, amount as balance from balances where account like 'bonded:%') as kept using (account)
      where coalesce(balance, 0) <> coalesce(wanted, 0)`,
  "a settled task is paid once, and another only by the chain's own word": `select id as place, count(posting_id) as actual,
            (state = 'settled')::integer as expected
       from tasks left join (select distinct posting_id, task_id from entries where kind = 'settle') as paid on task_id = id
      group by id, state
     having count(posting_id) filter (where posting_id not like 'enforce:%') <> (state = 'settled')::integer or count(posting_id) > 1`,
  "a task that ended unpaid got its hold back, as often as its money was set aside, and no other did": `select id as place,
            count(posting_id) filter (where kind = 'release') as actual,
            (state in ('cancelled', 'expired', 'failed', 'dead'))::integer + retries as expected
       from tasks left join (select distinct posting_id, task_id, kind from entries where kind in ('hold', 'release')) as moved on task_id = id
      group by id, state, retries
     having count(posting_id) filter (where kind = 'release') <> (state in ('cancelled', 'expired', 'failed', 'dead'))::integer + retries
         or count(posting_id) filter (where kind = 'hold') <> retries + 1`,
};

/** What is wrong with a market's ledger: `[]` when every law of it holds. */
export async function ledgerProblems(database: Queryable): Promise<string[]> {
  const problems: string[] = [];
  for (const [law, statement] of Object.entries(LAWS)) {
    const breaches = await database.query<{ place: string; actual: unknown; expected: unknown }>(statement);
    for (const { place, actual, expected } of breaches)
      problems.push(`${law}: ${place} has ${String(actual)}, expected ${String(expected)}`);
  }
  return problems;
}
