-- What a gate next does by itself: reminder, escalation or expiry.
create or replace function core.gate_wakes_for(p_gate core.gates) returns text
  language sql volatile set search_path = core, app, pg_temp
as $$
  select coalesce((select i.kind from core.gate_instants i
    where i.tenant_id = (p_gate).tenant_id and i.gate_id = (p_gate).id and i.fired_at is null and i.superseded_at is null
      and i.at < (p_gate).due_at
    order by i.at, i.ordinal limit 1), 'expiry')
$$;
