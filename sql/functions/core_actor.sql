-- The member in whose name this transaction acts, noted by core.require_actor; null for the system.
create or replace function core.actor() returns uuid
  language sql stable
  return nullif(current_setting('app.actor', true), '')::uuid;
