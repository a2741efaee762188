-- What the workflow is told of a drafted run: its open gates and when each wakes. No content.
create or replace function core.draft_answer(p_run_id uuid) returns jsonb
  language sql volatile set search_path = core, app, pg_temp
as $$
  select jsonb_build_object('outcome', 'drafted', 'gates', coalesce((
    select jsonb_agg(jsonb_build_object('gate_id', g.id, 'role', g.roles[1], 'wake_at', app.utc(core.gate_wake_at(g)),
        'wakes_for', core.gate_wakes_for(g), 'due_at', app.utc(g.due_at))
      order by g.opened_at, g.id)
    from core.gates g where g.tenant_id = app.tenant() and g.run_id = p_run_id and g.closed_at is null), '[]'))
$$;
