-- Whether a tenant's rules of seats can be followed: of record types that there are, in the roles of seats, from an amount on only
-- where the type names one, and with nine seats at most where all of a type's rules are met at once.
create or replace function core.are_seat_rules(p_rules jsonb) returns boolean
  language plpgsql stable set search_path = core, app, pg_temp
as $$
declare
  rule jsonb;
  type core.record_types;
begin
  if jsonb_typeof(p_rules) is distinct from 'array' then return false; end if;
  for rule in select value from jsonb_array_elements(p_rules) loop
    if not coalesce(jsonb_typeof(rule) = 'object' and rule - array['record_type', 'from_minor', 'seats', 'roles'] = '{}'
        and jsonb_typeof(rule -> 'from_minor') = 'string' and rule ->> 'from_minor' ~ '^[0-9]{1,18}$'
        and jsonb_typeof(rule -> 'seats') = 'number' and rule ->> 'seats' ~ '^[1-9]$'
        and jsonb_typeof(rule -> 'roles') = 'array', false) then
      return false;
    end if;
    if jsonb_array_length(rule -> 'roles') > (rule ->> 'seats')::integer
        or not rule -> 'roles' <@ '["reviewer", "senior", "admin"]' then
      return false;
    end if;
    select * into type from core.record_types where name = rule ->> 'record_type';
    if not found or ((rule ->> 'from_minor')::bigint > 0 and type.definition -> 'amount' is null) then return false; end if;
  end loop;
  return not exists (
    select from core.record_types t cross join lateral core.seat_terms(t, p_rules, t.role, null) s
    where s.seats > 9 and exists (select from jsonb_array_elements(p_rules) as r (rule) where r.rule ->> 'record_type' = t.name));
end
$$;
