-- What is told of a row of the outbox: ids, and what never changes any more of what it tells of. Whoever is told reads the rest
-- over the API, as the person whom they ask for.
create or replace function core.notice_data(p_notice core.outbox) returns json
  language sql stable set search_path = core, app, pg_temp
as $$
  select case
    when p_notice.topic = 'record.written' then (
      select json_build_object('record_id', r.id, 'record_type', r.record_type, 'record_class', g.record_class, 'decision_id', r.decision_id,
        'gate_id', r.gate_id, 'proposal_id', r.proposal_id, 'run_id', r.run_id)
      from core.records r join core.gates g on g.tenant_id = r.tenant_id and g.id = r.gate_id
      where r.tenant_id = p_notice.tenant_id and r.gate_id = p_notice.gate_id)
    when p_notice.topic = 'run.closed' then (
      select json_build_object('run_id', r.id, 'purpose', r.purpose, 'outcome', r.outcome, 'code', r.code,
        'credits', json_build_object('reserved', r.reserved_credits::text, 'actual', r.actual_credits::text,
          'deducted', r.deducted_credits::text, 'shortfall', r.shortfall_credits::text))
      from core.runs r where r.tenant_id = p_notice.tenant_id and r.id = p_notice.run_id)
    when p_notice.topic = 'ops.page' then (
      select json_build_object('page_id', p.id, 'code', p.code, 'run_id', p.run_id)
      from core.pages p
      where p.tenant_id = p_notice.tenant_id and p.run_id is not distinct from p_notice.run_id and p.opened_at <= p_notice.created_at
      order by p.opened_at desc, p.id desc limit 1)
    when p_notice.gate_id is not null then (
      select json_build_object('gate_id', g.id, 'run_id', g.run_id, 'proposal_id', g.proposal_id, 'record_type', p.record_type,
        'record_class', g.record_class, 'manual', g.manual, 'outcome', case p_notice.topic when 'gate.closed' then o.outcome end)
      from core.gates g join core.proposals p on p.tenant_id = g.tenant_id and p.id = g.proposal_id
        left join core.gate_outcomes o on o.tenant_id = g.tenant_id and o.gate_id = g.id
      where g.tenant_id = p_notice.tenant_id and g.id = p_notice.gate_id)
    else json_build_object('run_id', p_notice.run_id)
  end
$$;
