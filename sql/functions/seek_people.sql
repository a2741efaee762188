-- Looks whether the open gates of a run still have people who could decide, and does what follows when that has changed, in the
-- order of locks of deciding. Answers {looked: how many had changed}.
create or replace function app.seek_people(p_run_id uuid) returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
declare
  looked integer := 0;
  gate core.gates;
begin
  perform from core.runs where tenant_id = app.tenant() and id = p_run_id for no key update;
  for gate in
    select * from core.gates where tenant_id = app.tenant() and run_id = p_run_id and closed_at is null order by id for no key update
  loop
    if core.has_people(gate) = (gate.unseatable_at is not null) then
      perform core.seek_people(gate.id);
      looked := looked + 1;
    end if;
  end loop;
  return jsonb_build_object('looked', looked);
end
$$;
