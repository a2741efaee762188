-- The roles of whoever has approved the present version of a gate whose seats ask a role each, for core.seats_assignable.
create or replace function core.seated_roles(p_gate core.gates) returns jsonb
  language sql stable set search_path = core, app, pg_temp
as $$
  select coalesce(jsonb_agg(to_jsonb(coalesce(d.seat_roles, '{}'))), '[]')
  from core.decisions d
  where d.tenant_id = app.tenant() and d.gate_id = (p_gate).id and d.gate_version = (p_gate).version and d.verdict = 'approve'
$$;
