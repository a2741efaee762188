-- The open gates of these runs (null: of all) whose proposals and verdicts are held back from a person, who has not recorded a view of
-- their own yet.
create or replace function app.blind_gates(p_user_id uuid, p_run_ids uuid[]) returns table (gate_id uuid, run_id uuid, proposal_id uuid)
  language sql stable security definer set search_path = core, app, pg_temp
as $$
  select g.id, g.run_id, g.proposal_id from core.gates g
  where g.tenant_id = app.tenant() and g.blind_first and g.closed_at is null and (p_run_ids is null or g.run_id = any (p_run_ids))
    and core.is_blind(g, p_user_id)
$$;
