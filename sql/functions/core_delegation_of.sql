-- The delegation under which a person may decide at a gate in another's place at an instant: the one that lasts longest. A row
-- of nulls when there is none.
create or replace function core.delegation_of(p_gate core.gates, p_user_id uuid, p_on_behalf_of uuid, p_at timestamptz) returns core.delegations
  language sql stable set search_path = core, app, pg_temp
as $$
  select d from core.delegations d
  where d.tenant_id = app.tenant() and d.delegator_user_id = p_on_behalf_of and d.delegate_user_id = p_user_id
    and d.revoked_at is null and d.from_at <= p_at and d.until_at > p_at
  order by d.roles && (p_gate).roles desc, d.until_at desc, d.id limit 1
$$;
