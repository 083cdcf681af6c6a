-- A program's account: it acts for the account that owns it, by its keys alone, and goes with it.
alter table accounts add column owner_id text references accounts (id) on delete cascade;
create index accounts_owner on accounts (owner_id) where owner_id is not null;

-- How much may be asked: the most an account's keys may be given, and what each was.
alter table accounts add column tier text not null default 'standard' check (tier in ('low', 'standard', 'high'));
alter table api_keys add column tier text not null default 'standard' check (tier in ('low', 'standard', 'high'));
