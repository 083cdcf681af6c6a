import type { Queryable } from "@stoa/store";

/*
 * Each statement returns one row per breach; its columns say what is wrong where. Of entries that are archived, their
 * sums are here, and that their postings were made.
 */
const LAWS: Record<string, string> = {
  "the entries of every posting sum to zero": `select posting_id as place, sum(amount) as actual, 0 as expected
       from entries group by posting_id having sum(amount) <> 0`,
  "balances are what their entries sum to": `select account as place, balances.amount as actual, summed.amount as expected
       from balances full join (select account, sum(amount) as amount
              from (select account, amount from entries union all select account, amount from archived_sums) as all_time
             group by account) as summed using (account)
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
  "what a budget has left is what was set aside, less what its tasks hold or cost and what was freed": `select account as place,
            coalesce(balance, 0) as actual, coalesce(wanted, 0) as expected
       from (select account, amount
                    - coalesce((select sum(case when state in ('open', 'awarded', 'running', 'delivered') then max_price
                                                else coalesce((outcome ->> 'charge')::numeric, 0) end)
                                  from budget_tasks join tasks on tasks.id = task_id where budget_of = budget), 0)
                    + coalesce((select sum(amount) from entries as freed
                                 where freed.account = aside.account and kind = 'unearmark'), 0) as wanted
               from (select account, split_part(account, '/', 2) as budget, amount from entries where kind = 'earmark'
                        and account like 'earmarked:%') as aside) as due
       full join (select account, amount as balance from balances where account like 'earmarked:%') as kept using (account)
      where coalesce(balance, 0) <> coalesce(wanted, 0)`,
  "a workflow that ended and waits for nothing has freed all of its budget": `select account as place, amount as actual, 0 as expected
       from balances join workflows on account = 'earmarked:' || requester || '/' || id
      where state in ('completed', 'failed', 'cancelled') and not due and amount <> 0`,
  "a settled task is paid once, and another only by the chain's own word": `select id as place, count(posting_id) as actual,
            (state = 'settled')::integer as expected
       from tasks left join (${postingsOf("settle")}) as paid on task_id = id
      group by id, state
     having count(posting_id) filter (where posting_id not like 'enforce:%') <> (state = 'settled')::integer or count(posting_id) > 1`,
  "a task that ended unpaid got its hold back, as often as its money was set aside, and no other did": `select id as place,
            count(posting_id) as actual,
            (state in ('cancelled', 'expired', 'failed', 'dead'))::integer + retries as expected
       from tasks left join (${postingsOf("release")}) as freed on task_id = id
      group by id, state, retries
     having count(posting_id) <> (state in ('cancelled', 'expired', 'failed', 'dead'))::integer + retries`,
  "a task's money was set aside when it opened and whenever it was tried again": `select id as place,
            count(posting_id) as actual, retries + 1 as expected
       from tasks left join (${postingsOf("hold")}) as kept on task_id = id
      group by id, retries having count(posting_id) <> retries + 1`,
  "what a session key has spent is what its tasks cost, or hold": `select coalesce(key, 'none') as place, spent as actual, wanted as expected
       from (select session -> 'key' ->> 'key' as key, session -> 'key' ->> 'nonce' as nonce,
                    sum(case when outcome is null then max_price else coalesce((outcome ->> 'charge')::numeric, 0) end) as wanted
               from orders join tasks on tasks.id = task_id where session is not null group by 1, 2) as due
       full join session_spending using (key, nonce)
      where coalesce(spent, 0) <> coalesce(wanted, 0)`,
  "a task that waits for the clock has an alarm in time": `select id as place, null as actual, wake_at as expected
       from tasks where wake_at is not null and not exists (select 1 from alarms where task_id = id and at <= wake_at)`,
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

/** The postings of a kind and the tasks they are for, whether their entries are here or archived. */
function postingsOf(kind: "hold" | "release" | "settle"): string {
  return `select posting_id, task_id from entries where kind = '${kind}'
           union select '${kind}:' || id, id from tasks
                  where exists (select from archived_sums) and exists (select from postings where digest = posting_digest('${kind}:' || id))`;
}
