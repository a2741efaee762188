-- With which roles of its seats somebody who has p_roles sits at a gate: roles that time or want of people has added sit on any.
create or replace function core.roles_at_seats(p_gate core.gates, p_roles text[]) returns text[]
  language sql immutable set search_path = core, app, pg_temp
as $$
  select case when p_roles && (p_gate).added_roles then array(select distinct unnest((p_gate).seat_roles) order by 1)
    else array(select unnest((p_gate).seat_roles) intersect select unnest(p_roles) order by 1) end
$$;
