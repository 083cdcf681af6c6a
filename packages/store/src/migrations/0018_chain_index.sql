-- How far each chain was read: the newest block, whose events and everything below are in the tables that follow.
create table chain_indexes (
  chain_id bigint primary key,
  block_number bigint not null,
  block_hash text not null
);

-- The contracts that are followed, each from the block it was deployed in.
create table chain_sources (
  chain_id bigint not null,
  address text not null,
  from_block bigint not null,
  primary key (chain_id, address)
);

-- The newest blocks that were read, each with the one it stands on: by them a chain that turned is noticed.
create table chain_blocks (
  chain_id bigint not null,
  number bigint not null,
  hash text not null,
  parent_hash text not null,
  primary key (chain_id, number)
);

-- What the contracts told, final or not: what is above a block that left the chain is deleted with it.
create table chain_events (
  chain_id bigint not null,
  block_number bigint not null,
  log_index integer not null,
  block_hash text not null,
  tx_hash text not null,
  address text not null,
  topics text[] not null,
  data text not null,
  at timestamptz not null,
  primary key (chain_id, block_number, log_index)
);
create index chain_events_address on chain_events (chain_id, address, block_number, log_index);
