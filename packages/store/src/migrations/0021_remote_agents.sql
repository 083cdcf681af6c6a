-- An agent behind an endpoint of its author's has no artifact that the market keeps.
alter table agents alter column artifact_hash drop not null;
