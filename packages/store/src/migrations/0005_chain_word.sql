-- A token's contract bounds an amount at 256 bits, and so does the ledger: no deposit is too large to be counted.
alter table entries alter column amount type numeric;
alter table balances alter column amount type numeric;
alter table debts alter column amount type numeric;

-- What the chain took of an account beyond what the ledger had there: repaid to `chain` as it comes free.
create table overdrafts (
  account text primary key,
  amount numeric not null check (amount > 0)
);

-- The claim the chain has open on an order: whose it is, and the bond it was challenged with.
create table claims (
  task_id text primary key references tasks (id),
  node text not null,
  bond numeric not null
);
insert into claims (task_id, node, bond)
select tasks.id, awards.node, settlements.bond from settlements
  join tasks on tasks.id = settlements.task_id join awards on awards.hash = award_hash
 where settlements.state = 'claimed' and tasks.state = 'delivered';
alter table settlements drop column bond;
