-- Moves the clock of this database, for tests; executable by the owner alone.
create or replace function app.shift_clock(p_shift interval) returns void
  language sql security definer set search_path = core, app, pg_temp
as $$
  update core.clock set shift = p_shift
$$;
