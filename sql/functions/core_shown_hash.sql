-- Commits to the view of a gate as one reviewer gets it. Input, question (with what it says of approval, rejection, sources
-- and warnings), proposal, reasons and edits go in by their salted commitments: a hash over the words themselves could be
-- guessed by whoever reads the chain. Who holds the gate for a while, comments, and roles that a timer adds are no part of it.
-- What was asked of the requester, and answered, is part of it, where there is any.
-- Neither is the agreement of reviewers with the model in the band of its confidence: it was counted before the gate opened, so it
-- moves for nobody, and app.gate_agreement tells it again from rows that never change and from the confidence, which is part.
-- p_decisions, p_exchanges: as it was when only so many verdicts had been applied, or so many questions and answers given; null:
-- as it is.
drop function if exists core.shown_hash(uuid, uuid, bigint);
create or replace function core.shown_hash(p_gate_id uuid, p_user_id uuid, p_decisions bigint default null, p_exchanges bigint default null) returns bytea
  language sql stable set search_path = core, app, pg_temp
as $$
  select sha256(convert_to('countersign/shown/v2', 'UTF8') || '\x00'::bytea || convert_to(app.canonical_json(jsonb_build_object(
    'v', '2', 'reviewer', p_user_id, 'gate_id', g.id, 'version', g.version::text,
    'input_hash', core.commitment_hex(r.input_content_id), 'question_hash', core.commitment_hex(g.question_content_id),
    'proposal_hash', encode(g.proposal_hash, 'hex'), 'record_type', p.record_type, 'class', g.record_class, 'manual', g.manual,
    'purpose', r.purpose, 'advisory', r.advisory, 'confidence', p.confidence_permille::text, 'possible_duplicate_of', p.possible_duplicate_of,
    'requested_by', r.requested_by, 'seats', g.seats::text, 'separation', g.separation, 'rationale_rule', g.rationale_rule,
    'reason_codes', to_jsonb(g.reason_codes), 'dispositions', to_jsonb(g.dispositions), 'due_at', app.utc(g.due_at),
    'decisions', coalesce((
      select jsonb_agg(jsonb_build_object('id', d.id, 'gate_version', d.gate_version::text, 'verdict', d.verdict, 'actor', d.actor_user_id,
          'disposition', d.disposition, 'reason_code', d.reason_code, 'rationale_hash', core.commitment_hex(d.decision_rationale_content_id),
          'edits_hash', core.commitment_hex(d.edits_content_id))
          || case when d.record_type is null then '{}'::jsonb else jsonb_build_object('record_type', d.record_type) end
          || case when d.on_behalf_of is null then '{}'::jsonb else jsonb_build_object('on_behalf_of', d.on_behalf_of) end order by d.place)
      from (
        select *, row_number() over (order by decided_at, id) as place from core.decisions where tenant_id = app.tenant() and gate_id = g.id) d
      where p_decisions is null or d.place <= p_decisions), '[]'))
    -- Only where there is a choice, so that what was shown of other gates keeps its hash.
    || coalesce((
      select jsonb_build_object('record_types', jsonb_agg(o.record_type order by o.record_type collate "C"))
      from core.gate_record_types o where o.tenant_id = g.tenant_id and o.gate_id = g.id having count(*) > 0), '{}')
    || case when g.blind_first then jsonb_build_object('view', (
      select v.id from core.gate_views v where v.tenant_id = g.tenant_id and v.gate_id = g.id and v.user_id = p_user_id)) else '{}' end
    || case when g.seat_roles is null then '{}' else jsonb_build_object('seat_roles', to_jsonb(g.seat_roles)) end
    || case when g.reauthenticate_minutes is null then '{}' else jsonb_build_object('reauthenticate_minutes', g.reauthenticate_minutes::text) end
    || case when g.rationale_parts = '[]' then '{}' else jsonb_build_object('rationale_parts', g.rationale_parts) end
    || case when r.compensation_act is null then '{}' else jsonb_build_object('compensates', r.compensates_record_id, 'act', r.compensation_act) end
    || case when g.exchanges = 0 then '{}' else core.shown_exchanges(g.id, p_exchanges) end), 'UTF8'))
  from core.gates g
    join core.proposals p on p.tenant_id = g.tenant_id and p.id = g.proposal_id
    join core.runs r on r.tenant_id = g.tenant_id and r.id = g.run_id
  where g.tenant_id = app.tenant() and g.id = p_gate_id
$$;
