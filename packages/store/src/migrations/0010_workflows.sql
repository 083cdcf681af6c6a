-- Tasks whose outputs feed inputs, under one budget. `due` is whether the runner must look at it, whatever its tasks do.
create table workflows (
  id text primary key,
  requester text not null,
  state text not null check (state in ('running', 'ending', 'completed', 'failed', 'cancelled')),
  spec jsonb not null,
  input_hash text not null,
  salt text not null,
  session jsonb not null,
  budget numeric not null check (budget > 0),
  cancelled boolean not null,
  failure jsonb,
  due boolean not null,
  version integer not null,
  opened_at timestamptz not null,
  updated_at timestamptz not null,
  ended_at timestamptz
);
create index workflows_due on workflows (opened_at, id) where due;
create index workflows_requester on workflows (requester, opened_at desc, id desc);

create table workflow_steps (
  workflow_id text not null references workflows (id),
  step text not null,
  state text not null
    check (state in ('waiting', 'running', 'delivered', 'done', 'substituted', 'failed', 'skipped')),
  -- How often it was ordered, and the task of the last time.
  attempt integer not null,
  task_id text,
  failure jsonb,
  updated_at timestamptz not null,
  primary key (workflow_id, step)
);
create index workflow_steps_under_way on workflow_steps (task_id) where state in ('running', 'delivered');

-- Which tasks are paid from which budget, every attempt at a step included. Not a column of `tasks`: those are the
-- market's hottest rows, and few of them are part of anything.
create table budget_tasks (
  task_id text primary key,
  budget_of text not null,
  -- Of a workflow's tasks.
  step text,
  attempt integer
);
-- What tasks may order in their turn while they run; open until the last of it is freed.
create table subtask_budgets (
  task_id text primary key,
  requester text not null,
  budget numeric not null check (budget > 0),
  open boolean not null,
  opened_at timestamptz not null
);
create index subtask_budgets_open on subtask_budgets (opened_at, task_id) where open;

-- The keys of nodes that requesters let order under their tasks.
create table subtask_grants (
  task_id text not null,
  node text not null,
  session jsonb not null,
  granted_at timestamptz not null,
  primary key (task_id, node)
);

create index budget_tasks_budget on budget_tasks (budget_of);
