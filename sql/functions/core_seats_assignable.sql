-- Whether people can sit at once, each on a seat of their own that asks a role of theirs. By Hall's theorem: for every choice
-- of roles, at most as many people have no other role that is asked as there are seats that ask one of those.
-- p_people: the roles of each, as texts in an array of arrays.
create or replace function core.seats_assignable(p_seat_roles text[], p_people jsonb) returns boolean
  language sql immutable set search_path = core, app, pg_temp
as $$
  with asked as (
    select role, 1 << (row_number() over ())::integer - 1 as bit, count(*) as seats from unnest(p_seat_roles) as s (role) group by role
  ), people as (
    select coalesce((select bit_or(a.bit) from asked a where p.roles ? a.role), 0) as bits from jsonb_array_elements(p_people) as p (roles)
  )
  select not exists (
    select from generate_series(0, (1 << (select count(*) from asked)::integer) - 1) as chosen (bits)
    where (select count(*) from people p where p.bits & ~chosen.bits = 0)
      > (select coalesce(sum(a.seats), 0) from asked a where a.bit & chosen.bits <> 0))
$$;
