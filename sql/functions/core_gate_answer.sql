-- What the workflow adopts of a gate: closed with its outcome, or open and when it wakes. No content.
create or replace function core.gate_answer(p_gate_id uuid) returns jsonb
  language sql volatile set search_path = core, app, pg_temp
as $$
  select jsonb_build_object('gate_id', g.id, 'version', g.version, 'role', g.roles[cardinality(g.roles)], 'gate_outcome', o.outcome,
    'winner_decision_id', o.decision_id, 'winner_user_id', o.actor_user_id,
    'wake_at', app.utc(core.gate_wake_at(g)), 'wakes_for', core.gate_wakes_for(g), 'due_at', app.utc(g.due_at))
  from core.gates g left join core.gate_outcomes o on o.tenant_id = g.tenant_id and o.gate_id = g.id
  where g.tenant_id = app.tenant() and g.id = p_gate_id
$$;
