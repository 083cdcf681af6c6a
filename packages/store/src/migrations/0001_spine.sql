-- What is published.
create table agents (
  version_id text primary key,
  name text not null,
  version text not null,
  creator text not null,
  capabilities text[] not null,
  manifest jsonb not null,
  artifact_hash text not null,
  royalty bigint not null check (royalty >= 0),
  signature text not null,
  state text not null check (state in ('active', 'retired')),
  published_at timestamptz not null,
  unique (name, version)
);
create index agents_capabilities on agents using gin (capabilities) where state = 'active';

-- Who runs it.
create table nodes (
  id text primary key,
  provider text not null,
  name text not null,
  link jsonb not null,
  link_signature text not null,
  slots integer not null check (slots >= 0),
  agents text[] not null,
  online boolean not null,
  linked_at timestamptz not null,
  seen_at timestamptz not null
);

-- What is ordered. `wake_at` is when the clock must look at the task next; null when nothing is due.
create table tasks (
  id text primary key,
  requester text not null,
  capability text not null,
  agent_version text,
  state text not null,
  "order" jsonb not null,
  order_signature text not null,
  session jsonb,
  spec jsonb not null,
  input_bytes integer not null,
  nonce text not null,
  max_price bigint not null check (max_price > 0),
  deliver_by timestamptz not null,
  opened_at timestamptz not null,
  updated_at timestamptz not null,
  wake_at timestamptz,
  version integer not null,
  award_hash text,
  failed_nodes text[] not null default '{}',
  result jsonb,
  acceptance jsonb,
  outcome jsonb,
  unserved jsonb,
  unique (requester, nonce)
);
create index tasks_open on tasks (capability, opened_at, id) where state = 'open';
create index tasks_wake on tasks (wake_at) where wake_at is not null;
create index tasks_requester on tasks (requester, opened_at desc, id);
create index tasks_session on tasks ((session -> 'key' ->> 'key')) where session is not null;
create index tasks_opened on tasks (opened_at desc, id);

-- Every award a task ever had, and the execution it led to.
create table awards (
  hash text primary key,
  task_id text not null references tasks (id),
  round_id text not null,
  node text not null,
  provider text not null,
  agent_version text not null,
  state text not null check (state in ('made', 'running', 'delivered', 'failed', 'faulted')),
  terms jsonb not null,
  price bigint not null,
  royalty bigint not null,
  ask bigint not null,
  bond bigint not null,
  operator_signature text not null,
  node_signature text,
  made_at timestamptz not null,
  start_by timestamptz not null,
  started_at timestamptz,
  ended_at timestamptz,
  stats jsonb,
  failure jsonb
);
create index awards_task on awards (task_id);
create index awards_busy on awards (node) where state in ('made', 'running');

create table execution_logs (
  task_id text not null references tasks (id),
  execution_id text not null,
  first_seq integer not null,
  lines jsonb not null,
  primary key (task_id, execution_id, first_seq)
);

-- One clearing of a capability's open tasks. `record` is the public record once closed.
create table rounds (
  id text primary key,
  capability text not null,
  state text not null check (state in ('open', 'closed')),
  opening jsonb not null,
  opening_signature text not null,
  snapshot jsonb not null,
  opened_at timestamptz not null,
  closes_at timestamptz not null,
  closed_at timestamptz,
  close_reason text,
  outcome_hash text unique,
  record jsonb
);
create unique index rounds_open on rounds (capability) where state = 'open';
create index rounds_closed on rounds (capability, closed_at desc) where state = 'closed';
create index rounds_opened on rounds (opened_at desc, id);

-- Sealed until the round is closed: no read that serves the outside may touch an open round's sheets.
create table sheets (
  round_id text not null references rounds (id),
  node text not null,
  sheet jsonb not null,
  signature text not null,
  answers jsonb not null,
  receipt_signature text not null,
  received_at timestamptz not null,
  primary key (round_id, node)
);

-- Re-awards after a fault, chained to the round they continue.
create table supplements (
  hash text primary key,
  round_id text not null references rounds (id),
  task_id text not null references tasks (id),
  position integer not null,
  record jsonb not null,
  made_at timestamptz not null,
  unique (round_id, position)
);

-- The ledger: append-only entries, one per account of a posting, and what they sum to.
create table entries (
  posting_id text not null,
  account text not null,
  amount bigint not null check (amount <> 0),
  kind text not null,
  task_id text,
  posted_at timestamptz not null,
  primary key (posting_id, account)
);
create index entries_account on entries (account, posted_at desc);
create index entries_task on entries (task_id) where task_id is not null;

create table balances (
  account text primary key,
  amount bigint not null,
  constraint balances_not_below_zero check (amount >= 0 or account = 'chain')
);

-- The event log: what live clients and effects read by cursor.
create table events (
  seq bigint generated always as identity primary key,
  type text not null,
  audience text,
  task_id text,
  at timestamptz not null,
  data jsonb not null
);
create index events_task on events (task_id, seq) where task_id is not null;

-- What must happen on chain for a task: settled when accepted, claimed when not.
create table settlements (
  task_id text primary key references tasks (id),
  kind text not null check (kind in ('settle', 'claim')),
  state text not null check (state in ('pending', 'submitted', 'claimed', 'confirmed', 'skipped')),
  tx_hash text,
  reason text,
  payable_at timestamptz,
  bond bigint not null default 0,
  updated_at timestamptz not null
);
-- What failed nodes owe, to be taken from their stake on chain.
create table damages (
  award_hash text primary key references awards (hash),
  task_id text not null references tasks (id),
  to_requester bigint not null check (to_requester >= 0),
  to_fault_pool bigint not null check (to_fault_pool >= 0),
  state text not null check (state in ('pending', 'submitted', 'confirmed', 'skipped')),
  tx_hash text,
  reason text,
  updated_at timestamptz not null
);
create index damages_due on damages (state, updated_at) where state in ('pending', 'submitted');

create index settlements_due on settlements (state, updated_at) where state in ('pending', 'submitted', 'claimed');

-- How far the chain was read, and what was applied of it.
create table chain_cursor (
  vault text primary key,
  block_number bigint not null,
  block_hash text not null
);

-- What the chain lets an owner withdraw beyond what the ledger has free: taken as its holds come free.
create table debts (
  owner text primary key,
  amount bigint not null check (amount > 0)
);

-- Order numbers and session keys their owners took back on chain.
create table revocations (
  owner text not null,
  kind text not null check (kind in ('order', 'session')),
  nonce text not null,
  primary key (owner, kind, nonce)
);
