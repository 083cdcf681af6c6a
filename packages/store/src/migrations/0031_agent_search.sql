-- Agents' descriptions as vectors, by the model that made them: numbers of 32 bits one after another, the lowest byte
-- first. `seq` has the order in which they were committed: processes that keep them in memory read on from the last.
create table agent_vectors (
  version_id text not null,
  model text not null,
  vector bytea not null,
  seq bigint generated always as identity,
  primary key (version_id, model)
);
create index agent_vectors_seq on agent_vectors (model, seq);

-- What the latest executions of a capability say of the agents that ran them.
create table agent_records (
  version_id text not null,
  capability text not null,
  delivered integer not null,
  failed integer not null,
  price bigint not null,
  duration_ms bigint,
  updated_at timestamptz not null,
  primary key (version_id, capability)
);
create index agent_records_updated on agent_records (updated_at);

-- The version that stands for a name is its newest.
create index agents_newest on agents (name, published_at desc, version_id) where state = 'active';
