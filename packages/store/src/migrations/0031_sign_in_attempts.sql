-- How often something was tried that may be tried so often in a while only; a row goes when its while is over.
create table sign_in_attempts (
  key text primary key,
  count integer not null,
  ends_at timestamptz not null
);
create index sign_in_attempts_ended on sign_in_attempts (ends_at);
