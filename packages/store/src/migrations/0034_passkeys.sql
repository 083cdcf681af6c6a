-- Keys of people's devices; the private halves never leave those.
create table passkeys (
  -- The device's own name for the key, Base64url.
  id text primary key,
  account_id text not null references accounts (id) on delete cascade,
  name text not null,
  -- COSE, Base64url.
  public_key text not null,
  -- How often it signed, where the device counts: a copy of it would count anew.
  counter bigint not null,
  transports text[] not null,
  created_at timestamptz not null,
  last_used_at timestamptz
);
create index passkeys_account on passkeys (account_id);
