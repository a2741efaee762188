-- `human` when a person changes settings in this transaction, else `system` (seeding, registration).
create or replace function core.actor_kind() returns text
  language sql stable
  return case when core.actor() is null then 'system' else 'human' end;
