-- Open descending auctions: one over one task, its bids public at once. `record` is the public record once closed,
-- `position` its place in the chain of the capability's records, given as it closes.
create table open_auctions (
  id text primary key,
  task_id text not null,
  capability text not null,
  state text not null check (state in ('open', 'closed')),
  opening jsonb not null,
  opening_signature text not null,
  opened_at timestamptz not null,
  -- How the bidding stands: the end moves with late bids, `passed` are the nodes that bid no more.
  ends_at timestamptz not null,
  lead jsonb,
  bids integer not null default 0,
  offers integer not null default 0,
  passed text[] not null default '{}',
  last_at timestamptz not null,
  closed_at timestamptz,
  close_reason text,
  position bigint,
  outcome_hash text unique,
  record jsonb
);
create unique index open_auctions_running on open_auctions (task_id) where state = 'open';
create index open_auctions_due on open_auctions (ends_at) where state = 'open';
create index open_auctions_task on open_auctions (task_id, opened_at desc);
create index open_auctions_opened on open_auctions (opened_at desc, id);
create unique index open_auctions_chain on open_auctions (capability, position) where position is not null;

-- What nodes said, in the order it was taken: bids by their number, and passes, which have none.
create table open_bids (
  auction_id text not null references open_auctions (id),
  position integer not null,
  number integer,
  node text not null,
  royalty bigint not null,
  at timestamptz not null,
  sheet jsonb not null,
  signature text not null,
  answer jsonb not null,
  receipt_signature text not null,
  primary key (auction_id, position),
  unique (auction_id, number)
);
create unique index open_bids_passes on open_bids (auction_id, node) where number is null;

-- Tasks that ask for an open auction, of which those that wait are found.
create index orders_open_auction on orders (task_id) where spec ->> 'auction' = 'open';

-- Sheets and supplements of open auctions stand beside those of rounds, under the auction's id.
alter table sheets drop constraint if exists sheets_round_id_fkey;
alter table supplements drop constraint if exists supplements_round_id_fkey;
