-- With which of its gate's seat roles a verdict sits: the person's own, or those that its delegation lends.
create or replace function core.roles_of_verdict(p_gate core.gates, p_intent core.intents, p_delegation core.delegations) returns text[]
  language sql stable set search_path = core, app, pg_temp
as $$
  select core.roles_at_seats(p_gate, case when (p_delegation).id is null then m.roles
    else array(select unnest(m.roles) intersect select unnest((p_delegation).roles)) end)
  from core.members m
  where m.tenant_id = app.tenant() and m.user_id = coalesce((p_intent).on_behalf_of, (p_intent).actor_user_id)
$$;
