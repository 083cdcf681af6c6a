-- Mails that were promised and are not sent yet; a row goes with its mail.
create table mails (
  id text primary key,
  recipient text not null,
  subject text not null,
  body text not null,
  attempts integer not null default 0,
  due_at timestamptz not null,
  -- What a mail says is worth nothing after this.
  expires_at timestamptz not null
);
create index mails_due on mails (due_at);
