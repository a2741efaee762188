-- The answer to whoever can't have a claim: why, what the gate is at, and who holds it now.
create or replace function core.claim_refused(p_gate core.gates, p_code text) returns jsonb
  language sql volatile set search_path = core, app, pg_temp
as $$
  select jsonb_build_object('outcome', 'refused', 'code', p_code, 'now', core.winner((p_gate).id)
    || case when (p_gate).claimed_until > app.now()
      then jsonb_build_object('claimed_by', (p_gate).claimed_by, 'claimed_until', app.utc((p_gate).claimed_until))
      else jsonb_build_object('claimed_by', null, 'claimed_until', null) end)
$$;
