-- What is written once and read whole costs what its bytes do: as text it is not taken apart to be put together again,
-- and no index is kept that nothing looks anything up in.

-- Only how often a task's progress was told is looked up by task.
drop index events_task;
create index events_progress on events (task_id) where type = 'execution.progressed';

-- An account's entries of one instant are put in order when they are read: without the posting's name in it the index is
-- a third, since entries of one account lie side by side. That a posting names no account twice is how it is made; that
-- it is made once is for `postings` to say.
alter table entries drop constraint entries_pkey;
create index entries_account on entries (account, posted_at);

alter table events alter column data type json;
alter table orders alter column spec type json;
alter table rounds alter column opening type json, alter column snapshot type json;
alter table sheets alter column sheet type json, alter column answers type json;
-- Compressed they are in the public record already, which holds them once the round is closed.
alter table sheets alter column answers set storage external;
