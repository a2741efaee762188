-- `human` when a person acts in this transaction, else `system`: a service, or the system itself (seeding, registration).
-- Noted by core.require_actor.
create or replace function core.actor_kind() returns text
  language sql stable
  return case when core.actor() is null then 'system' else coalesce(nullif(current_setting('app.actor_kind', true), ''), 'system') end;
