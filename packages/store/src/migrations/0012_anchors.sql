-- How far the chain of a capability's rounds is anchored: one row for each anchor that the chain has confirmed.
create table anchors (
  capability text not null,
  -- Where the anchored head stands among all rounds: it anchors every round of the capability up to there.
  round_position bigint not null,
  -- How many rounds of the capability the head ends, as the chain has it.
  position bigint not null,
  -- The head's outcome hash.
  head text not null,
  tx_hash text not null,
  block_number bigint not null,
  primary key (capability, round_position)
);
