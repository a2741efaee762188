-- What a gate is at now, for whoever lost: its version, hash, outcome, the record type that its approvals name, and the
-- decision and person that won. No content.
create or replace function core.winner(p_gate_id uuid) returns jsonb
  language sql volatile set search_path = core, app, pg_temp
as $$
  select jsonb_build_object('gate_id', g.id, 'gate_version', g.version, 'proposal_hash', encode(g.proposal_hash, 'hex'),
    'due_at', app.utc(g.due_at), 'gate_outcome', o.outcome, 'decision_id', o.decision_id, 'actor_kind', o.actor_kind,
    'actor_user_id', o.actor_user_id, 'at', app.utc(o.at), 'record_type', (
      select max(d.record_type) from core.decisions d
      where d.tenant_id = g.tenant_id and d.gate_id = g.id and d.gate_version = g.version and d.verdict = 'approve'))
  from core.gates g left join core.gate_outcomes o on o.tenant_id = g.tenant_id and o.gate_id = g.id
  where g.tenant_id = app.tenant() and g.id = p_gate_id
$$;
