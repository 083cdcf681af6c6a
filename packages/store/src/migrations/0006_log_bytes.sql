-- What each piece of a log counts for, so that a log's bound holds over all its pieces.
alter table execution_logs add column bytes integer not null default 0;
