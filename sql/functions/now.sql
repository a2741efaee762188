-- The clock that deadlines are compared with: the wall clock plus a shift that only the owner can set, in tests.
-- Reads clock_timestamp(), not the start of the transaction, so that waiting for a lock is counted.
create or replace function app.now() returns timestamptz
  language sql volatile security definer set search_path = core, app, pg_temp
as $$
  select clock_timestamp() + shift from core.clock
$$;
