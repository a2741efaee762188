-- The role that a reviewer's escalation raises a gate to: the next one of its chain (senior, where it has none) after the
-- role that the gate first asked, so that what a timer has added does not count; null when there is none above.
create or replace function core.next_role(p_gate core.gates) returns text
  language sql stable set search_path = core, app, pg_temp
as $$
  with chain as (
    select i.ordinal, i.role from core.gate_instants i
    where i.tenant_id = (p_gate).tenant_id and i.gate_id = (p_gate).id and i.kind = 'escalation'
      and i.superseded_at is null
    union all
    select 0, 'senior' where not exists (select from core.gate_instants i
      where i.tenant_id = (p_gate).tenant_id and i.gate_id = (p_gate).id and i.kind = 'escalation' and i.superseded_at is null)
  )
  select c.role from chain c
  where c.ordinal > coalesce((select max(l.ordinal) from chain l where l.role = (p_gate).roles[1]), -1)
  order by c.ordinal limit 1
$$;
