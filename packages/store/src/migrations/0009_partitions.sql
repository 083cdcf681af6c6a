-- Tables that grow with every task are split by month, so that old months can leave for the archive. Rows that fall in no
-- month's partition land in the default one: no insert ever fails for a missing partition.
--
-- Nothing refers to these rows by a foreign key, and they refer to none: tasks and rounds are never deleted, the lane has
-- read them before it writes, and a key would lock `tasks` and `rounds` whenever a partition comes or goes.

-- What is posted once, for ever: a posting's name, shortened. Entries are split by time, which no unique index reaches
-- across; this table is whole, narrow, and outlives the entries.
create table postings (digest bytea primary key);

create function posting_digest(posting_id text) returns bytea immutable parallel safe language sql
  return substring(sha256(convert_to(posting_id, 'UTF8')) for 16);

alter table events rename to events_whole;
alter table events_whole drop constraint events_pkey;
drop index events_task;
create table events (
  like events_whole including defaults including constraints including identity,
  primary key (seq, at)
) partition by range (at);
create table events_default partition of events default;

alter table entries rename to entries_whole;
alter table entries_whole drop constraint entries_pkey;
drop index entries_account;
drop index entries_task;
-- One index: it keeps an account's entries in the order they are listed, and refuses an account twice in a posting.
create table entries (
  like entries_whole including defaults including constraints,
  primary key (account, posted_at, posting_id)
) partition by range (posted_at);
create table entries_default partition of entries default;

alter table sheets rename to sheets_whole;
alter table sheets_whole drop constraint sheets_pkey;
create table sheets (
  like sheets_whole including defaults including constraints,
  primary key (round_id, node, received_at)
) partition by range (received_at);
create table sheets_default partition of sheets default;

alter table execution_logs rename to execution_logs_whole;
alter table execution_logs_whole drop constraint execution_logs_pkey;
-- What was kept before counts as written now.
alter table execution_logs_whole add column written_at timestamptz not null default now();
create table execution_logs (
  like execution_logs_whole including defaults including constraints,
  primary key (task_id, execution_id, first_seq, written_at)
) partition by range (written_at);
create table execution_logs_default partition of execution_logs default;

do $$
declare
  part record;
  month timestamptz;
  number record;
begin
  for part in select * from (values ('events', 'at'), ('entries', 'posted_at'), ('sheets', 'received_at'),
                                    ('execution_logs', 'written_at')) as parts (parent, key)
  loop
    for month in execute format('select distinct date_trunc(''month'', %I, ''UTC'') from %I', part.key, part.parent || '_whole')
    loop
      execute format('create table %I partition of %I for values from (%L) to (%L)',
                     part.parent || to_char(month at time zone 'UTC', '"_p"YYYYMMDD'), part.parent,
                     month, (month at time zone 'UTC' + interval '1 month') at time zone 'UTC');
    end loop;
  end loop;
  execute format('select last_value, is_called from %s', pg_get_serial_sequence('events_whole', 'seq')) into number;
  perform setval(pg_get_serial_sequence('events', 'seq'), number.last_value, number.is_called);
end $$;

insert into events overriding system value select * from events_whole;
insert into entries select * from entries_whole;
insert into sheets select * from sheets_whole;
insert into execution_logs select * from execution_logs_whole;
insert into postings select distinct posting_digest(posting_id) from entries;
drop table events_whole, entries_whole, sheets_whole, execution_logs_whole;

create index events_task on events (task_id, seq) where task_id is not null;

create function guard_postings() returns trigger language plpgsql as $$
begin
  insert into postings (digest) select distinct posting_digest(posting_id) from added;
  return null;
end $$;
create trigger guard_postings after insert on entries
  referencing new table as added for each statement execute function guard_postings();

-- Partitions that left, or are on their way. `manifest` names what the object store has of one; manifests form a chain.
create table archives (
  id bigint generated always as identity primary key,
  source text not null,
  partition text not null,
  lower timestamptz not null,
  upper timestamptz not null,
  state text not null check (state in ('writing', 'written', 'archived', 'restoring', 'restored')),
  manifest text unique,
  previous text,
  rows bigint,
  -- Of the rows as they were written: what is dropped must still be the same.
  digest numeric,
  -- Of events: the last place in the log that is archived.
  last_seq bigint,
  changed_at timestamptz not null default now()
);
create unique index archives_once on archives (partition) where state <> 'restored';
create unique index archives_chain on archives (coalesce(previous, '')) where manifest is not null;

-- What the archived entries of an account sum to: the ledger's opening balances.
create table archived_sums (
  account text not null,
  archive bigint not null references archives (id),
  amount numeric not null,
  entries bigint not null,
  primary key (account, archive)
);
create index archived_sums_archive on archived_sums (archive);

-- Lists go from the newest back by instant and id, both descending: an index read backwards has that order whole. None
-- has `state` in it or in its condition, which would make every step of a task touch every index of the table.
drop index tasks_opened;
create index tasks_opened on tasks (opened_at, id);
drop index tasks_requester;
create index tasks_requester on tasks (requester, opened_at, id);
create index tasks_capability on tasks (capability, opened_at, id);
alter table tasks add column unpaid boolean generated always as (state in ('cancelled', 'expired', 'failed')) stored;
create index tasks_unpaid on tasks (opened_at, id) where unpaid;
drop index rounds_opened;
create index rounds_opened on rounds (opened_at, id);
create index rounds_capability on rounds (capability, opened_at, id);

-- What is to be sent to the chain, what was refused and is tried again included, in the order it is sent.
drop index settlements_due;
create index settlements_due on settlements (kind, state, updated_at) where state <> 'confirmed';
drop index damages_due;
create index damages_due on damages (state, updated_at) where state <> 'confirmed';

-- Who hosts an agent.
create index nodes_hosting on nodes using gin (agents) where online;
