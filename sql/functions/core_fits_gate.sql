-- Whether a record of the type may be decided about at this gate: the type asks for nothing that the gate does not ask for
-- already. So a choice of type never lowers what its own gate would demand in seats, separation, role, reason or disposition,
-- nor lets a protected record through where only a routine one was asked about. The gate keeps its own class and terms.
create or replace function core.fits_gate(p_gate core.gates, p_type core.record_types) returns boolean
  language sql stable set search_path = core, app, pg_temp
as $$
  select core.class_rank((p_type).class) <= core.class_rank((p_gate).record_class)
    and (p_type).seats <= (p_gate).seats
    -- Of the tenant's kind, as if a gate of the type were opened here.
    and array_position(array['none', 'second_person', 'n_of_m'], core.gate_separation(p_type))
      <= array_position(array['none', 'second_person', 'n_of_m'], (p_gate).separation)
    and ((p_type).rationale_rule = (p_gate).rationale_rule or (p_gate).rationale_rule = 'text')
    -- A senior stands above a reviewer, and no other role above another.
    and ((p_type).role = (p_gate).roles[1] or ((p_type).role = 'reviewer' and (p_gate).roles[1] = 'senior'))
    -- Whom a timer adds to the gate, the type's own chain would add.
    and not exists (
      select from core.gate_instants i
      where i.tenant_id = (p_gate).tenant_id and i.gate_id = (p_gate).id and i.kind = 'escalation' and i.superseded_at is null and i.role <> (p_type).role
        and not coalesce(jsonb_path_query_array((p_type).definition, '$.chain[*].role') ? i.role, false))
    -- A grant is asked about as a grant, and nothing else is.
    and (p_type).dispositions <@ (p_gate).dispositions and (p_gate).dispositions <@ (p_type).dispositions
$$;
