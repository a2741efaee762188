-- The roles of a list, each once, where it stands first.
create or replace function core.distinct_roles(p_roles text[]) returns text[]
  language sql immutable parallel safe
as $$
  select array(select r.role from unnest(p_roles) with ordinality as r (role, place) group by r.role order by min(r.place))
$$;
