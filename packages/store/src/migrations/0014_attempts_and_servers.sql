-- Attempts that failed since a task was opened or last asked for again, how often it was asked for again, and until when
-- it is not offered.
alter table tasks add column attempts integer not null default 0;
alter table tasks add column retries integer not null default 0;
alter table tasks add column not_before timestamptz;
update tasks set attempts = cardinality(failed_nodes) where failed_nodes <> '{}';

-- What is dead is unpaid too, until it is asked for again.
alter table tasks drop column unpaid;
alter table tasks add column unpaid boolean generated always as (state in ('cancelled', 'expired', 'failed', 'dead')) stored;
create index tasks_unpaid on tasks (opened_at, id) where unpaid;

-- The server processes on this database. One that is not seen for some seconds is gone.
create table servers (
  id text primary key,
  addresses text[] not null,
  started_at timestamptz not null,
  seen_at timestamptz not null
);

-- Which of them holds a node's stream, or held it last.
alter table nodes add column server_id text;

-- A node's public record counts its awards.
create index awards_of_node on awards (node, ended_at desc);
