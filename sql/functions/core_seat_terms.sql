-- The seats of a gate about a payload of a type: what the type declares, and what its thresholds and the tenant's rules ask
-- from the amount on that the payload is about. An amount that can't be told meets every threshold. p_role: whom a seat asks
-- that asks nobody in particular. contract/policy/seats.ts has the same rule, and a generated table proves that they agree.
create or replace function core.seat_terms(p_type core.record_types, p_rules jsonb, p_role text, p_payload jsonb,
    out seats integer, out seat_roles text[], out role text)
  language plpgsql stable set search_path = core, app, pg_temp
as $$
declare
  own jsonb;
  rules jsonb;
  amount bigint;
begin
  -- Most gates: nothing is said of amounts or roles.
  if p_rules = '[]' and not (p_type).definition ?| array['seat_roles', 'seat_rules'] then
    seats := (p_type).seats;
    role := p_role;
    return;
  end if;
  own := coalesce((p_type).definition -> 'seat_roles', '[]');
  rules := coalesce((p_type).definition -> 'seat_rules', '[]') || (
    select coalesce(jsonb_agg(r.rule), '[]') from jsonb_array_elements(p_rules) as r (rule) where r.rule ->> 'record_type' = (p_type).name);
  if rules = '[]' and own = '[]' then
    seats := (p_type).seats;
    role := p_role;
    return;
  end if;
  amount := core.amount_minor(p_type, p_payload);
  select m.seats, m.seat_roles, m.role into seats, seat_roles, role
  from core.merge_seats(
    -- A type's own role is as firm as one that it names for a seat.
    jsonb_build_array(jsonb_build_object('seats', (p_type).seats, 'roles', own || (
      select coalesce(jsonb_agg(p_role), '[]') from generate_series(1, (p_type).seats - jsonb_array_length(own)))))
    || (select coalesce(jsonb_agg(r.rule), '[]') from jsonb_array_elements(rules) as r (rule)
      where amount is null or (r.rule ->> 'from_minor')::bigint <= amount), p_role) m;
end
$$;
