-- A run and all that it descends from by being sent again or recorded by hand, the nearest first. Each refers to an
-- earlier one, and accept_run lets none be longer than core.lineage_max(), so that this always ends.
create or replace function core.lineage(p_run_id uuid) returns table (run_id uuid, requested_by uuid, depth integer)
  language sql stable set search_path = core, app, pg_temp
as $$
  with recursive line as (
    select r.id, r.requested_by, coalesce(r.resend_of, r.by_hand_of) as from_id, 1 as depth
    from core.runs r where r.tenant_id = app.tenant() and r.id = p_run_id
    union all
    select r.id, r.requested_by, coalesce(r.resend_of, r.by_hand_of), line.depth + 1
    from line join core.runs r on r.tenant_id = app.tenant() and r.id = line.from_id
    where line.depth <= core.lineage_max()
  )
  select id, requested_by, depth from line order by depth
$$;
