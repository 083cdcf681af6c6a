-- What changes at every step of a task is kept small and apart from what never changes: an update writes the whole row
-- again, and touches every index one of whose columns it changes.

-- What a task was ordered by: written once.
create table orders (
  task_id text primary key,
  "order" json not null,
  order_signature text not null,
  session jsonb,
  spec jsonb not null
);
insert into orders (task_id, "order", order_signature, session, spec)
select id, "order"::json, order_signature, session, spec from tasks;
create index orders_session on orders ((session -> 'key' ->> 'key')) where session is not null;
alter table tasks drop column "order", drop column order_signature, drop column session, drop column spec;

-- An index's condition counts as one of its columns. On these two, which change once in a task's life, and not on
-- `state`, which always does, most updates find their place beside the row they replace and touch no index at all.
alter table tasks add column waiting boolean generated always as (state = 'open') stored;
drop index tasks_open;
create index tasks_open on tasks (capability, opened_at, id) where waiting;
alter table awards add column busy boolean generated always as (state in ('made', 'running')) stored;
drop index awards_busy;
create index awards_busy on awards (node) where busy;
-- Room beside a row for what it grows to: a task by its result, acceptance and outcome.
alter table tasks set (fillfactor = 30);
alter table awards set (fillfactor = 45);

-- When the clock must look at a task: at or before the task's `wake_at`, which moves at every step and has no index.
drop index tasks_wake;
alter table tasks add column alarm_at timestamptz;
create table alarms (at timestamptz not null, task_id text not null);
create index alarms_at on alarms (at);
update tasks set alarm_at = wake_at where wake_at is not null;
insert into alarms (at, task_id) select wake_at, id from tasks where wake_at is not null;

-- Documents that are written once and read whole stay text: nothing is looked up in them, and taking one apart costs
-- more than the row it stands in.
alter table tasks
  alter column result type json, alter column acceptance type json, alter column outcome type json;
alter table awards alter column terms type json;
alter table rounds alter column record type json;

-- A key's check reads and locks the row it refers to, once for every row written. The lane, which alone writes these
-- tables, has the task and the award before it; tasks and awards are never deleted.
alter table awards drop constraint awards_task_id_fkey;
alter table settlements drop constraint settlements_task_id_fkey;

-- Tells a process whether another has written through the lane since it last did. Numbers that are skipped cost a
-- process what it remembers, and nothing else.
create sequence lane_turns;
