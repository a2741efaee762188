-- Whether people can fill every seat, each one seat that asks a role of theirs. By Hall's theorem: for every choice of roles,
-- at least as many people have one of them as there are seats that ask one of them. p_people: as core.seats_assignable.
create or replace function core.seats_fillable(p_seat_roles text[], p_people jsonb) returns boolean
  language sql immutable set search_path = core, app, pg_temp
as $$
  with asked as (
    select role, 1 << (row_number() over ())::integer - 1 as bit, count(*) as seats from unnest(p_seat_roles) as s (role) group by role
  ), people as (
    select coalesce((select bit_or(a.bit) from asked a where p.roles ? a.role), 0) as bits from jsonb_array_elements(p_people) as p (roles)
  )
  select not exists (
    select from generate_series(1, (1 << (select count(*) from asked)::integer) - 1) as chosen (bits)
    where (select count(*) from people p where p.bits & chosen.bits <> 0)
      < (select sum(a.seats) from asked a where a.bit & chosen.bits <> 0))
$$;
