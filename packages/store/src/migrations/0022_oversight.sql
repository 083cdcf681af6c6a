-- What those who run the market do: each entry names the one before it by its hash, and none is ever changed.
create table audit_entries (
  position bigint primary key,
  at timestamptz not null,
  actor text not null,
  action text not null,
  subject text not null,
  reason text not null,
  details jsonb not null,
  previous text not null,
  hash text not null unique
);

create function refuse_to_rewrite() returns trigger language plpgsql as $$
begin
  raise exception 'the audit log is only ever added to';
end $$;
create trigger audit_entries_stand before update or delete or truncate on audit_entries
  for each statement execute function refuse_to_rewrite();

-- Agents, nodes and accounts can be kept out of the market, each with a reason.
alter table agents drop constraint agents_state_check;
alter table agents add constraint agents_state_check check (state in ('active', 'retired', 'suspended'));
alter table agents add column suspended_for text;
alter table nodes add column suspended_for text;
alter table accounts add column suspended_for text;
create index accounts_suspended on accounts (id) where suspended_for is not null;
create index accounts_created on accounts (created_at desc, id);

-- What accounts say of others, for those who run the market to look at.
create table reports (
  id text primary key,
  at timestamptz not null,
  reporter text not null,
  kind text not null check (kind in ('account', 'agent', 'node')),
  subject text not null,
  text text not null,
  resolution text check (resolution in ('dismissed', 'upheld')),
  resolved_at timestamptz,
  resolved_by text,
  answer text
);
create index reports_open on reports (at, id) where resolution is null;
create index reports_reporter on reports (reporter) where resolution is null;

create table announcements (
  id text primary key,
  at timestamptz not null,
  severity text not null check (severity in ('info', 'warning', 'critical')),
  text text not null,
  ends_at timestamptz
);
create index announcements_made on announcements (at desc, id);

-- What can be set while the market runs; its history is in the audit log.
create table settings (
  name text primary key,
  value jsonb not null,
  changed_at timestamptz not null
);
