-- Whether a person could hold a seat of a gate now in somebody's place who has delegated to them. What their key alone would
-- rule out is not looked at.
create or replace function core.may_sit_for_another(p_gate core.gates, p_user_id uuid) returns boolean
  language sql stable set search_path = core, app, pg_temp
as $$
  select exists (
    select from core.delegations d join core.members l on l.tenant_id = d.tenant_id and l.user_id = d.delegator_user_id
      cross join lateral (select array(select unnest(l.roles) intersect select unnest(d.roles)) as roles) as lent
    where d.tenant_id = app.tenant() and d.delegate_user_id = p_user_id and d.revoked_at is null
      and d.from_at <= app.now() and d.until_at > app.now()
      and core.seat_refusal(p_gate, l.user_id, lent.roles) is null and core.seat_refusal(p_gate, p_user_id, lent.roles) is null)
$$;
