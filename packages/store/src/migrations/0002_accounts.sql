-- Who can sign in. The sign-in library reads and writes these under its own names, in camel case;
-- `roles` is ours alone.
create table accounts (
  id text primary key,
  name text not null,
  email text not null unique,
  email_verified boolean not null,
  image text,
  roles text[] not null default '{user}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

-- A sign-in that lasts until it is ended or runs out.
create table sessions (
  id text primary key,
  account_id text not null references accounts (id) on delete cascade,
  token text not null unique,
  ip_address text,
  user_agent text,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null
);
create index sessions_account on sessions (account_id);

-- Each way an account signs in: a wallet now; a password or another site later.
create table credentials (
  id text primary key,
  account_id text not null references accounts (id) on delete cascade,
  provider_id text not null,
  provider_account_id text not null,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope text,
  password text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null,
  unique (provider_id, provider_account_id)
);
create index credentials_account on credentials (account_id);

-- Nonces and other proofs that are good once.
create table verifications (
  id text primary key,
  identifier text not null,
  value text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index verifications_identifier on verifications (identifier);
create index verifications_expired on verifications (expires_at);

create table wallets (
  id text primary key,
  account_id text not null references accounts (id) on delete cascade,
  address text not null,
  chain_id integer not null,
  is_primary boolean not null,
  created_at timestamptz not null,
  unique (address, chain_id)
);
create index wallets_account on wallets (account_id);

-- One-time tokens that renew a session, by their SHA-256. A used one that comes again ends the session.
create table refresh_tokens (
  hash text primary key,
  session_id text not null references sessions (id) on delete cascade,
  expires_at timestamptz not null,
  used_at timestamptz
);
create index refresh_tokens_session on refresh_tokens (session_id);

-- Keys for programs, by their SHA-256.
create table api_keys (
  id text primary key,
  account_id text not null references accounts (id) on delete cascade,
  name text not null,
  start text not null,
  hash text not null unique,
  scopes text[] not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  last_used_at timestamptz
);
create index api_keys_account on api_keys (account_id, created_at desc);

-- Which request an Idempotency-Key was first used for.
create table idempotency_keys (
  account_id text not null references accounts (id) on delete cascade,
  key text not null,
  request_hash text not null,
  used_at timestamptz not null,
  primary key (account_id, key)
);
create index idempotency_keys_used on idempotency_keys (used_at);

-- Artifacts are served by their hash, and only those that are published.
create index agents_artifact on agents (artifact_hash);
-- A round's awards, and all a node ever had.
create index awards_round on awards (round_id);
create index awards_node on awards (node);
