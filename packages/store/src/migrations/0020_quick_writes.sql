-- What is written with every task is written by the lane alone, and costs no more than it must.

-- A round's opening and record are large, written once and read whole: compressing them costs more than storing them.
alter table rounds alter column opening set storage external, alter column record set storage external;

-- The statement that writes entries names their postings: a trigger would read every entry once more to find them.
drop trigger guard_postings on entries;
drop function guard_postings();

-- What a session key has spent, or holds for tasks under way: summed once, and moved with its tasks.
create table session_spending (
  key text not null,
  nonce text not null,
  spent numeric not null check (spent >= 0),
  primary key (key, nonce)
);
insert into session_spending (key, nonce, spent)
select session -> 'key' ->> 'key', session -> 'key' ->> 'nonce',
       sum(case when outcome is null then max_price else coalesce((outcome ->> 'charge')::numeric, 0) end)
  from orders join tasks on tasks.id = orders.task_id where session is not null group by 1, 2;
drop index orders_session;

-- Tasks under way are listed from the newest back by their alarms.
alter table alarms add column opened_at timestamptz;
update alarms set opened_at = tasks.opened_at from tasks where tasks.id = alarms.task_id;
alter table alarms alter column opened_at set not null;
