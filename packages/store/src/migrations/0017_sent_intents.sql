-- What this market was asked to send to a chain, and every transaction signed for it: written down before it is sent.
create table sent_intents (
  -- The hash of all that makes it this intent.
  id text primary key,
  chain_id bigint not null,
  sender text not null,
  -- The newest transaction's.
  nonce bigint not null,
  -- What is sent, and why.
  intent jsonb not null,
  -- The oldest first.
  transactions jsonb not null,
  -- Null while it can still have its effect.
  outcome jsonb,
  changed_at timestamptz not null default now()
);
-- Processes that share a key never give one nonce twice.
create unique index sent_intents_open on sent_intents (chain_id, sender, nonce) where outcome is null;
create index sent_intents_nonce on sent_intents (chain_id, sender, nonce);
