-- The body of a run's closing event: its ending and the hashes of all that it produced.
create or replace function core.closing_body(p_run core.runs) returns jsonb
  language sql stable set search_path = core, app, pg_temp
as $$
  select jsonb_build_object(
    'outcome', p_run.outcome, 'code', p_run.code, 'advisory', p_run.advisory,
    'reserved_credits', p_run.reserved_credits::text, 'actual_credits', p_run.actual_credits::text,
    'deducted_credits', p_run.deducted_credits::text, 'shortfall_credits', p_run.shortfall_credits::text,
    'calls', coalesce((
      select jsonb_agg(jsonb_build_object('ai_run_id', c.id, 'kind', c.kind, 'status', c.status, 'billed', l.billed,
        'prompt_hash', encode(c.prompt_hash, 'hex'), 'output_hash', encode(c.output_hash, 'hex')) order by c.id)
      from core.run_calls l join core.ai_runs c on c.tenant_id = l.tenant_id and c.id = l.ai_run_id
      where l.tenant_id = p_run.tenant_id and l.run_id = p_run.id and c.kind <> 'replay'), '[]'),
    'proposals', coalesce((
      select jsonb_agg(jsonb_build_object('proposal_id', p.id, 'hash', encode(p.hash, 'hex'), 'outcome', p.outcome) order by p.ordinal)
      from core.proposals p where p.tenant_id = p_run.tenant_id and p.run_id = p_run.id), '[]'),
    'decisions', coalesce((
      select jsonb_agg(to_jsonb(d.id) order by d.decided_at, d.id)
      from core.decisions d where d.tenant_id = p_run.tenant_id and d.run_id = p_run.id), '[]'),
    'records', coalesce((
      select jsonb_agg(jsonb_build_object('record_id', r.id, 'hash', encode(r.content_hash, 'hex')) order by r.id)
      from core.records r where r.tenant_id = p_run.tenant_id and r.run_id = p_run.id), '[]'))
$$;
