-- When a gate next does something by itself: its first instant that has not fired, else its due time.
create or replace function core.gate_wake_at(p_gate core.gates) returns timestamptz
  language sql volatile set search_path = core, app, pg_temp
as $$
  select least((p_gate).due_at, (select min(i.at) from core.gate_instants i
    where i.tenant_id = (p_gate).tenant_id and i.gate_id = (p_gate).id and i.fired_at is null and i.superseded_at is null))
$$;
