-- Rounds of a capability form a chain in the order they open. Clocks can stand still or go back; this does not.
alter table rounds add column position bigint generated always as identity;
drop index rounds_closed;
create unique index rounds_chain on rounds (capability, position);
