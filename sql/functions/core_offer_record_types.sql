-- Offers at a gate that opened for want of advice what its purpose may propose and the gate's terms meet: its own record type
-- and drafts, since nobody gives by hand the advice that a model would have given.
create or replace function core.offer_record_types(p_gate core.gates, p_purpose text, p_purpose_version integer) returns void
  language sql volatile set search_path = core, app, pg_temp
as $$
  insert into core.gate_record_types (tenant_id, gate_id, record_type)
  select (p_gate).tenant_id, (p_gate).id, t.name
  from core.purpose_record_types p join core.record_types t on t.name = p.record_type
  where p.purpose = p_purpose and p.purpose_version = p_purpose_version
    and (t.kind = 'draft' or t.name = (select record_type from core.proposals where tenant_id = (p_gate).tenant_id and id = (p_gate).proposal_id))
    and core.fits_gate(p_gate, t)
$$;
