-- What an account is asked for beside its password. The sign-in library writes these, the secrets encrypted.
alter table accounts add column two_factor_enabled boolean not null default false;
create table second_factors (
  id text primary key,
  account_id text not null unique references accounts (id) on delete cascade,
  secret text not null,
  backup_codes text not null,
  verified boolean not null,
  failed_verification_count integer not null default 0,
  locked_until timestamptz
);
