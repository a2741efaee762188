-- Whether the tenant's active people can hold the seats that a policy makes gates of: somebody reviews what is drafted, a
-- senior is there for what stays uncertain when the advisor was asked, a hospital has as many as its largest gate has seats, and
-- the tenant's own rules of seats can be met at any amount. A policy that pauses everything asks nobody and is not asked about: a pause must never be refused. With p_changed, as
-- if that member had p_roles: none when the member leaves.
drop function if exists core.is_satisfiable(jsonb);
create or replace function core.is_satisfiable(p_policy jsonb, p_changed uuid default null, p_roles text[] default '{}') returns boolean
  language plpgsql stable set search_path = core, app, pg_temp
as $$
declare
  deciders integer;
  seniors integer;
  seats_max integer;
begin
  select count(*) filter (where roles && array['reviewer', 'senior']), count(*) filter (where 'senior' = any (roles))
  into deciders, seniors
  from (
    select user_id, roles from core.members where tenant_id = app.tenant() and active and kind = 'person' and user_id is distinct from p_changed
    union all select p_changed, p_roles where p_changed is not null) m;
  if (p_policy ->> 'require_advisor_for_low_confidence')::boolean and seniors = 0 then return false; end if;
  select case when t.kind = 'hospital' then (select max(r.seats) from core.record_types r where r.class in ('privileging', 'credentialing', 'hiring')) end
  into seats_max from core.tenants t where t.id = app.tenant();
  if p_policy ->> 'autonomy_tier' = 'suggest' and p_policy -> 'record_autonomy' = '{}' and not (p_policy ->> 'require_human_review_for_phi_extraction')::boolean then
    return true;
  end if;
  -- Every rule of seats at its highest amount, by people who need not be told apart here: who asks is not known yet.
  if exists (
      select from core.record_types t cross join lateral core.seat_terms(t, coalesce(p_policy -> 'seat_rules', '[]'), t.role, null) s
      where exists (select from jsonb_array_elements(p_policy -> 'seat_rules') as r (rule) where r.rule ->> 'record_type' = t.name)
        and not core.seats_fillable(coalesce(s.seat_roles, array_fill(s.role, array[s.seats])), (
          select coalesce(jsonb_agg(to_jsonb(m.roles)), '[]')
          from (
            select user_id, roles from core.members where tenant_id = app.tenant() and active and kind = 'person' and user_id is distinct from p_changed
            union all select p_changed, p_roles where p_changed is not null) m))) then
    return false;
  end if;
  return deciders >= greatest(coalesce(seats_max, 1), 1);
end
$$;
