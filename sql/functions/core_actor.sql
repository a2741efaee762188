-- The person in whose name this transaction changes settings, set by the function that was called; null for the system.
create or replace function core.actor() returns uuid
  language sql stable
  return nullif(current_setting('app.actor', true), '')::uuid;
