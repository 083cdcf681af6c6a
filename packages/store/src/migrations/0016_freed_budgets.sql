-- How often something of a budget was freed: it names the posting, which must not be counted from entries that leave for
-- the archive.
alter table subtask_budgets add column freed integer not null default 0;
update subtask_budgets set freed = (
  select count(*) from entries where kind = 'unearmark' and account = 'earmarked:' || requester || '/' || task_id);
