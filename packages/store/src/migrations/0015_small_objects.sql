-- Small objects by their SHA-256: one row costs a commit far less than a file and its folder, both synced.
create table small_objects (
  hash bytea primary key,
  bytes bytea not null
);
