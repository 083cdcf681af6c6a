import type { Address, Hash, NodeId, RoundId, TaskId } from "@stoa/protocol";
import { type Database, ensurePartitions } from "@stoa/store";

/** Something of everything in a filled market, to ask for. */
export interface FilledMarket {
  /** Has a fifth of all tasks. */
  busyRequester: Address;
  /** Has a thousandth. */
  requester: Address;
  provider: Address;
  node: NodeId;
  capability: string;
  /** Has a few tasks, all of them old. */
  rareCapability: string;
  settledTask: TaskId;
  runningTask: TaskId;
  award: Hash;
  round: RoundId;
  openRound: RoundId;
  agentVersion: Hash;
  session: { key: Address; nonce: string };
  /** How many events there are. */
  lastSeq: number;
}

const MONTHS = 12;
const DAY_MS = 86_400_000;

/**
 * Fills an empty market on a PostgreSQL server with a year of tasks and everything that comes with them, by statements
 * alone: rows as they look, not as anybody signed them.
 */
export async function fillMarket(database: Database, tasks: number): Promise<FilledMarket> {
  const now = Date.now();
  for (let month = MONTHS; month >= 0; month -= 1) await ensurePartitions(database, { now: now - month * 30 * DAY_MS });
  await database.script(FUNCTIONS);
  const waiting = Object.entries(statements(tasks, now - MONTHS * 29 * DAY_MS, now));
  const load = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await loadTable(database, ...next);
  };
  await Promise.all([load(), load()]);
  await database.script("vacuum analyze");
  const [row] = await database.query<FilledMarket & { lastSeq: bigint }>(SAMPLES, [tasks]);
  return { ...row!, lastSeq: Number(row!.lastSeq) };
}

/** As a copy of a database is loaded: no triggers, and the indexes made at the end. */
async function loadTable(database: Database, table: string, statement: string): Promise<void> {
  await database.transaction(async (tx) => {
    await tx.script("set local session_replication_role = replica; set local maintenance_work_mem = '128MB'");
    const indexes = await tx.query<{ name: string; definition: string }>(
      `select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition from pg_index
        where indrelid = $1::regclass and not indisunique`,
      [table],
    );
    for (const { name } of indexes) await tx.script(`drop index ${name}`);
    await tx.script(statement);
    for (const { definition } of indexes) await tx.script(definition.replace(" ON ONLY ", " ON "));
  });
}

/** Names as long as real ones, and as scattered. */
const FUNCTIONS = `
  create function fill_hash(kind text, n bigint) returns text immutable parallel safe language sql
    return '0x' || md5(kind || n::text) || md5(n::text || kind);
  create function fill_address(kind text, n bigint) returns text immutable parallel safe language sql
    return '0x' || md5(kind || n::text) || left(md5(n::text || kind), 8);
  create function fill_requester(n bigint) returns text immutable parallel safe language sql
    return fill_address('requester', case when n % 5 = 0 then 0 else n % 1000 end);
`;

/** By table, the largest first: two are loaded at once. Instants are epoch milliseconds. */
function statements(tasks: number, fromMs: number, toMs: number): Record<string, string> {
  const [from, to] = [new Date(fromMs).toISOString(), new Date(toMs).toISOString()];
  const at = `timestamptz '${from}' + n * ((timestamptz '${to}' - timestamptz '${from}') / ${tasks})`;
  // The newest are under way; of the rest most are settled.
  const state = `case when n > ${tasks} - 1000 then 'open' when n > ${tasks} - 1300 then 'awarded'
    when n > ${tasks} - 1800 then 'running' when n > ${tasks} - 3000 then 'delivered'
    when n % 100 = 1 then 'failed' when n % 100 = 2 then 'cancelled' else 'settled' end`;
  return {
    tasks: `
      insert into tasks (id, requester, capability, state, input_bytes, nonce,
           max_price, deliver_by, opened_at, updated_at, wake_at, alarm_at, version, award_hash, result, outcome)
    select fill_hash('task', n), fill_requester(n), case when n % ${tasks / 10} = 7 then 'cap.rare' else 'cap.c' || n % 20 end,
           state, 100, n::text, 1000, at + interval '1 hour', at, at, wake_at, wake_at, 5,
           case when state not in ('open', 'cancelled') then fill_hash('award', n) end, null,
           case when is_final then '{"kind":"settled","charge":"900"}'::jsonb end
      from generate_series(1, ${tasks}) as n, lateral (select ${at} as at, ${state} as state) as row,
           lateral (select state in ('settled', 'failed', 'cancelled') as is_final) as fate,
           lateral (select case when is_final then null when n % 20 = 0 then at
                           else timestamptz '${to}' + interval '1 hour' end as wake_at) as clock`,
    orders: `
      insert into orders (task_id, "order", order_signature, session, spec)
    select fill_hash('task', n), '{"nonce":"1"}', '0x',
           case when n % 3 = 0 then jsonb_build_object('key', jsonb_build_object('key', fill_address('key', n / 3000), 'nonce', '1')) end,
           '{}'
      from generate_series(1, ${tasks}) as n`,
    session_spending: `
      insert into session_spending (key, nonce, spent)
    select fill_address('key', n), '1', 900000 from generate_series(0, ${tasks} / 3000) as n`,
    alarms: `
      insert into alarms (at, task_id, opened_at)
    select case when n % 20 = 0 then ${at} else timestamptz '${to}' + interval '1 hour' end, fill_hash('task', n), ${at}
      from generate_series(1, ${tasks}) as n where (${state}) not in ('settled', 'failed', 'cancelled')`,
    entries: `
      insert into entries (posting_id, account, amount, kind, task_id, posted_at)
    select 'hold:' || fill_hash('task', n),
           case when n % 4 < 2 then 'available:' else 'held:' end || fill_requester(n), -1000, 'hold', fill_hash('task', n), ${at}
      from generate_series(1, ${tasks}) as n`,
    awards: `
      insert into awards (hash, task_id, round_id, node, provider, agent_version, state, terms, price, royalty, ask, bond,
           operator_signature, made_at, start_by, ended_at)
    select fill_hash('award', n), fill_hash('task', n), fill_hash('round', n / 10), fill_address('node', n % 500),
           fill_address('provider', n % 500 / 5), fill_hash('agent', n % 20),
           case state when 'awarded' then 'made' when 'running' then 'running' when 'failed' then 'faulted' else 'delivered' end,
           '{}', 900, 10, 800, 1000, '0x', at, at + interval '1 minute', at + interval '2 minutes'
      from generate_series(1, ${tasks}) as n, lateral (select ${at} as at, ${state} as state) as row
     where state not in ('open', 'cancelled')`,
    events: `
      insert into events (type, audience, task_id, at, data)
    select case when n % 2 = 0 then 'task.opened' else 'execution.progressed' end,
           case when n % 2 = 0 then null else fill_requester(n) end, fill_hash('task', n), ${at},
           jsonb_build_object('taskId', fill_hash('task', n), 'text', 'half of it is done')
      from generate_series(1, ${tasks}) as n`,
    sheets: `
      insert into sheets (round_id, node, sheet, signature, answers, receipt_signature, received_at)
    select fill_hash('round', n / 10), fill_address('node', n % 500), '{"answersRoot":"0x"}', '0x', '[]', '0x', ${at}
      from generate_series(1, ${tasks}) as n`,
    settlements: `
      insert into settlements (task_id, kind, state, updated_at)
    select fill_hash('task', n), 'settle', case when n > ${tasks} - 3100 then 'pending' when n > ${tasks} - 3300 then 'submitted'
           when n % 20000 = 3 then 'skipped' else 'confirmed' end, ${at}
      from generate_series(1, ${tasks}) as n where (${state}) = 'settled'`,
    execution_logs: `
      insert into execution_logs (task_id, execution_id, first_seq, lines, bytes, written_at)
    select fill_hash('task', n), 'e0e0e0e0', 0, '[{"atMs":1,"text":"a line"}]', 6, ${at} from generate_series(1, ${tasks}) as n`,
    rounds: `
      insert into rounds (id, capability, state, opening, opening_signature, snapshot, opened_at, closes_at, closed_at, close_reason, outcome_hash, record)
    select fill_hash('round', n / 10), 'cap.c' || n / 10 % 20, case when is_open then 'open' else 'closed' end,
           '{"tasks":[],"asked":[]}', '0x', '{}', ${at}, ${at}, case when is_open then null else ${at} end, 'all_answered',
           case when is_open then null else fill_hash('outcome', n) end, case when is_open then null else '{}'::jsonb end
      from generate_series(0, ${tasks}, 10) as n, lateral (select n > ${tasks} - 100 as is_open) as row`,
    damages: `
      insert into damages (award_hash, task_id, to_requester, to_fault_pool, state, updated_at)
    select fill_hash('award', n), fill_hash('task', n), 10, 10, case when n % 10000 = 1 then 'skipped' when n > ${tasks} - 5000 then 'pending' else 'confirmed' end, ${at}
      from generate_series(1, ${tasks} - 3000, 100) as n`,
    nodes: `
      insert into nodes (id, provider, name, link, link_signature, slots, agents, online, linked_at, seen_at)
    select fill_address('node', n), fill_address('provider', n / 5), 'node', '{"expiresAt":"4000000000"}', '0x', 4,
           array[fill_hash('agent', n % 20), fill_hash('agent', n % 7)], n % 10 > 0, ${at}, now()
      from generate_series(0, 499) as n`,
    agents: `
      insert into agents (version_id, name, version, creator, capabilities, manifest, artifact_hash, royalty, signature, state, published_at)
    select fill_hash('agent', n), 'agent-' || n, '1.0.0', fill_address('creator', n), array['cap.c' || n % 20], '{}',
           fill_hash('artifact', n), 1000, '0x', 'active', ${at}
      from generate_series(0, 199) as n`,
    balances: `
      insert into balances (account, amount)
    select book || ':' || fill_address('requester', n), 1000000
      from generate_series(0, ${tasks} / 10) as n, unnest(array['available', 'held']) as book
    union all
    select book || ':' || fill_address('provider', n / 5) || '/' || fill_address('node', n), 1000000
      from generate_series(0, 499) as n, unnest(array['staked', 'bonded']) as book`,
  };
}

const SAMPLES = `
  select fill_address('requester', 0) as "busyRequester", fill_address('requester', 1) as requester,
         fill_address('provider', 3) as provider, fill_address('node', 15) as node, 'cap.c3' as capability,
         'cap.rare' as "rareCapability", fill_hash('task', $1::bigint / 2 + 5) as "settledTask",
         fill_hash('task', $1::bigint - 1500) as "runningTask", fill_hash('award', $1::bigint / 2 + 5) as award,
         fill_hash('round', $1::bigint / 20) as round, fill_hash('round', $1::bigint / 10) as "openRound",
         fill_hash('agent', 3) as "agentVersion",
         json_build_object('key', fill_address('key', $1::bigint / 2 / 3000), 'nonce', '1') as session,
         (select max(seq) from events) as "lastSeq"`;
