-- What a request under an Idempotency-Key was answered, to answer it so again. Null until it is.
alter table idempotency_keys add column status integer, add column body text;
