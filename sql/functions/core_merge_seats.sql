-- What meets every one of several demands of seats, each {"seats", "roles"}: the most seats, and of each role the most. A seat
-- for which no demand names a role asks p_role, and so does one that asks a reviewer, whom every other role stands above.
-- seat_roles is null where all seats ask one and the same role, which is then in `role`. contract/policy/seats.ts has the same.
create or replace function core.merge_seats(p_demands jsonb, p_role text, out seats integer, out seat_roles text[], out role text)
  language plpgsql immutable set search_path = core, app, pg_temp
as $$
declare
  named text[];
begin
  with named_roles as (
    select r.role, max(r.times) as times from (
      select d.place, n.role, count(*) as times
      from jsonb_array_elements(p_demands) with ordinality as d (demand, place) cross join lateral jsonb_array_elements_text(d.demand -> 'roles') as n (role)
      where n.role <> 'reviewer' group by d.place, n.role) r
    group by r.role
  )
  select array_agg(n.role order by n.role = p_role desc, n.role collate "C") into named
  from named_roles n cross join lateral generate_series(1, n.times);
  select greatest(max((d.demand ->> 'seats')::integer), coalesce(cardinality(named), 0)) into seats from jsonb_array_elements(p_demands) as d (demand);
  seat_roles := array_fill(p_role, array[seats - coalesce(cardinality(named), 0)]) || coalesce(named, '{}');
  role := seat_roles[1];
  if role = all (seat_roles) then
    seat_roles := null;
  end if;
end
$$;
