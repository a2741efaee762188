-- Pages operations for a step that fails again and again and is tried on: one page for a step and the code that it fails
-- with, however many runs it holds up; the page names the first.
create or replace function app.page_stuck_step(p_run_id uuid, p_step text, p_code text) returns void
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
begin
  perform from core.runs where tenant_id = app.tenant() and id = p_run_id;
  if not found then
    raise exception 'there is no run %', p_run_id using errcode = 'ZC004';
  end if;
  perform core.page('step_stuck ' || p_step || ' ' || p_code, 'step_stuck', p_run_id);
end
$$;
