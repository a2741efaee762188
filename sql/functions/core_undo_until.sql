-- Until when what the system did may be undone, by the policy that it acted under; null of what a person decided.
create or replace function core.undo_until(p_decision core.decisions) returns timestamptz
  language sql stable security definer set search_path = core, app, pg_temp
as $$
  select p_decision.decided_at + make_interval(hours => c.undo_window_hours)
  from core.ai_policy_controls c
  where p_decision.actor_kind = 'system' and c.tenant_id = p_decision.tenant_id and c.version = p_decision.authority_policy_version
$$;
