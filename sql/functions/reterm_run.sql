-- Brings the open gates of a run to what the tenant's present policy asks; how many have changed. One run at a time, by the
-- sweep of open runs, so that a policy that changes thousands of gates holds up nobody: a verdict on one that was not reached yet
-- finds it changed all the same.
create or replace function app.reterm_run(p_run_id uuid) returns integer
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
declare
  gate core.gates;
  changed integer := 0;
begin
  -- The run first, then its gates, as deciding does.
  perform from core.runs where tenant_id = app.tenant() and id = p_run_id for no key update;
  for gate in
    select * from core.gates where tenant_id = app.tenant() and run_id = p_run_id and closed_at is null order by id for no key update
  loop
    changed := changed + ((core.gate_retermed(gate)).version - gate.version);
  end loop;
  return changed;
end
$$;
