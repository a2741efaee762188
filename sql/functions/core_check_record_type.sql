-- A gate offers only record types that fit it, as it is opened, and a record is of the type that its decision names, or else
-- of its proposal's.
create or replace function core.check_record_type() returns trigger
  language plpgsql set search_path = core, app, pg_temp
as $$
declare
  gate core.gates;
  type core.record_types;
  named text;
begin
  if tg_table_name = 'gate_record_types' then
    select * into gate from core.gates where tenant_id = new.tenant_id and id = new.gate_id;
    select * into type from core.record_types where name = new.record_type;
    if not coalesce(gate.manual and core.fits_gate(gate, type), false) then
      raise exception 'record type % does not fit gate %', new.record_type, new.gate_id using errcode = 'ZC013';
    end if;
    if exists (select from core.intents where tenant_id = new.tenant_id and gate_id = new.gate_id) then
      raise exception 'gate % has verdicts on what it offered', new.gate_id using errcode = 'ZC013';
    end if;
    return null;
  end if;
  select coalesce(d.record_type, p.record_type) into named
  from core.decisions d join core.proposals p on p.tenant_id = d.tenant_id and p.id = d.proposal_id
  where d.tenant_id = new.tenant_id and d.id = new.decision_id and p.id = new.proposal_id;
  if new.record_type is distinct from named then
    raise exception 'record % is of another type than its decision', new.id using errcode = 'ZC013';
  end if;
  return null;
end
$$;
