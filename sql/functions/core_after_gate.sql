-- When the last gate of a waiting run has closed, the run goes on to settle.
create or replace function core.after_gate(p_run_id uuid) returns void
  language plpgsql set search_path = core, app, pg_temp
as $$
begin
  if not exists (select from core.gates where tenant_id = app.tenant() and run_id = p_run_id and closed_at is null) then
    update core.runs set state = 'running', step = 'settle' where tenant_id = app.tenant() and id = p_run_id and state = 'waiting';
    -- From here everything runs forward: the reconciler looks soon.
    update core.worklist set due_at = least(due_at, app.now() + interval '5 seconds')
    where kind = 'run' and tenant_id = app.tenant() and ref_id = p_run_id;
  end if;
end
$$;
