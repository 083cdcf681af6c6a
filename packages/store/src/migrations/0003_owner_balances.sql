-- An owner's ledger accounts: `available:OWNER`, and `staked:OWNER/NODE` whether the node was ever linked or not.
create index balances_owner on balances (split_part(split_part(account, ':', 2), '/', 1));

-- Sessions that ran out are deleted as others begin.
create index sessions_expired on sessions (expires_at);
