-- Awards of a round: what its page shows, and what recent rounds tell of a capability's price.
create index awards_round on awards (round_id);
