-- Everybody who asked for a run: for it or for what it descends from, themselves or through a service. Where a gate
-- separates, none of them holds a seat.
create or replace function core.requesters(p_run_id uuid) returns table (user_id uuid)
  language sql stable set search_path = core, app, pg_temp
as $$
  select distinct p.user_id from core.lineage(p_run_id) l cross join lateral core.people_behind(l.requested_by) p
$$;
