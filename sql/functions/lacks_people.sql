-- Whether a run has an open gate about which seek_people has something to do: nobody is left to decide it, or somebody is again.
create or replace function app.lacks_people(p_run_id uuid) returns boolean
  language sql stable security definer set search_path = core, app, pg_temp
as $$
  select exists (select from core.gates g where g.tenant_id = app.tenant() and g.run_id = p_run_id and g.closed_at is null
    and core.has_people(g) = (g.unseatable_at is not null))
$$;
