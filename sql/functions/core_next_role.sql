-- The role that a reviewer's escalation raises a gate to: the first of its chain, else senior; null when it is there already.
create or replace function core.next_role(p_gate core.gates) returns text
  language sql stable set search_path = core, app, pg_temp
as $$
  select nullif(
    coalesce((select i.role from core.gate_instants i where i.tenant_id = (p_gate).tenant_id and i.gate_id = (p_gate).id
      and i.kind = 'escalation' order by i.ordinal limit 1), 'senior'),
    case when cardinality((p_gate).roles) = 1 then (p_gate).roles[1] end)
$$;
