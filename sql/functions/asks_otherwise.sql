-- Whether the tenant's policy asks otherwise by now than an open gate of the run does, as far as the gate knows. For the sweep.
create or replace function app.asks_otherwise(p_run_id uuid) returns boolean
  language sql stable security definer set search_path = core, app, pg_temp
as $$
  select exists (
    select from core.gates g
    where g.tenant_id = app.tenant() and g.run_id = p_run_id and g.closed_at is null
      and g.terms_version < (select p.terms_version from core.ai_policy_controls p where p.tenant_id = app.tenant() order by p.version desc limit 1))
$$;
