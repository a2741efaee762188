-- Step 5. Writes proposals, gates, drafts, what the auto tier applies, and the sealed advisory, in one transaction; once.
-- p_draft: {advisory, ai_run_id, senior, items: [{kind, record_type, payload, confidence_permille, shown, doubtful, question, due_at,
-- instants: [{kind, at, role}]}]}. Answers {outcome: drafted | closed | withdrawn, gates: [{gate_id, role, wake_at, due_at}]}.
create or replace function app.record_draft(p_run_id uuid, p_draft jsonb) returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
declare
  run core.runs;
  policy core.ai_policy_controls;
  type core.record_types;
  item jsonb;
  place integer := 0;
  payload core.contents;
  proposal core.proposals;
  gate core.gates;
  decision core.decisions;
  autonomy text;
  twin uuid;
  call core.ai_runs;
  paused boolean;
  -- Read once: compared with a volatile function the index by time would not be used.
  yesterday timestamptz := app.now() - interval '1 day';
begin
  select * into strict run from core.runs where tenant_id = app.tenant() and id = p_run_id for no key update;
  if run.state = 'closed' then
    return jsonb_build_object('outcome', 'closed', 'gates', '[]'::jsonb);
  end if;
  if run.withdrawn_at is not null then
    return jsonb_build_object('outcome', 'withdrawn', 'gates', '[]'::jsonb);
  end if;
  if run.advisory is not null then
    return core.draft_answer(p_run_id);
  end if;
  select * into strict policy from core.ai_policy_controls where tenant_id = app.tenant() order by version desc limit 1;
  select * into call from core.ai_runs where tenant_id = app.tenant() and id = (p_draft ->> 'ai_run_id')::uuid;
  -- A pause that came while the model thought: what it said is for people, and the system acts on nothing.
  paused := policy.paused or run.purpose = any (policy.paused_purposes) or coalesce(call.vendor = any (policy.paused_vendors), false);
  update core.runs set advisory = p_draft ->> 'advisory' where tenant_id = app.tenant() and id = p_run_id;

  for item in select value from jsonb_array_elements(p_draft -> 'items') loop
    select t.* into type from core.record_types t join core.purpose_record_types p on p.record_type = t.name
    where t.name = item ->> 'record_type' and p.purpose = run.purpose and p.purpose_version = run.purpose_version;
    if not found then
      raise exception 'purpose % may not propose this record type', run.purpose using errcode = 'ZC004';
    end if;
    payload := core.put_content(p_run_id, 'proposal', item ->> 'payload');
    select p.id into twin
    from core.proposals p join core.contents c on c.tenant_id = p.tenant_id and c.id = p.payload_content_id
    where p.tenant_id = app.tenant() and p.record_type = type.name and p.run_id <> p_run_id and p.kind <> 'manual' and p.shown
      and p.created_at > yesterday and c.bytes = payload.bytes
    order by p.created_at desc limit 1;
    insert into core.proposals (tenant_id, run_id, ordinal, kind, record_type, record_class, ai_run_id, payload_content_id, hash,
      confidence_permille, shown, outcome, possible_duplicate_of, created_at)
    values (app.tenant(), p_run_id, place, item ->> 'kind', type.name, type.class,
      case when item ->> 'kind' = 'manual' then null else call.id end, payload.id, payload.commitment,
      (item ->> 'confidence_permille')::integer, (item ->> 'shown')::boolean, case when not (item ->> 'shown')::boolean then 'blocked' end, twin, app.now())
    returning * into proposal;
    place := place + 1;
    if not proposal.shown then
      continue;
    end if;
    if type.class = 'privileging' and proposal.kind <> 'manual' then
      insert into core.privileging_recommendation_log (tenant_id, run_id, proposal_id, ai_run_id, proposal_hash, confidence_permille, at)
      values (app.tenant(), p_run_id, proposal.id, call.id, proposal.hash, coalesce(proposal.confidence_permille, 0), app.now());
    end if;

    autonomy := case when proposal.kind = 'manual' then 'draft'
      else app.effective_autonomy(policy.autonomy_tier, type.class, type.name = any (policy.auto_categories), policy.record_autonomy ->> type.name, paused) end;
    -- What is not complete can't be applied without a person who completes it, nor what is doubtful without one who looks.
    -- The system takes one seat, and no role: where an amount asks more, people decide.
    if autonomy = 'auto' and (proposal.kind <> 'draft'
        or ((policy.seat_rules <> '[]' or type.definition ?| array['seat_rules', 'seat_roles'])
          and (core.seat_terms(type, policy.seat_rules, type.role, convert_from(payload.bytes, 'UTF8')::jsonb)).seats > type.seats)
        or not core.is_complete(type, payload) or coalesce((item ->> 'doubtful')::boolean, false)
        or (policy.require_human_review_for_phi_extraction and exists (
          select from core.purposes p where p.name = run.purpose and p.version = run.purpose_version and p.phi))) then
      autonomy := 'draft';
    end if;
    if proposal.kind = 'draft' and autonomy <> 'suggest' then
      insert into core.assistant_drafts (tenant_id, proposal_id, record_type, status, changed_at)
      values (app.tenant(), proposal.id, type.name, 'pending', app.now());
    elsif proposal.kind = 'recommendation' then
      insert into core.ai_recommendations (tenant_id, proposal_id, status, changed_at)
      values (app.tenant(), proposal.id, case autonomy when 'suggest' then 'advised' else 'pending' end, app.now());
    end if;
    if autonomy = 'suggest' then
      update core.proposals set outcome = 'advised' where tenant_id = app.tenant() and id = proposal.id;
      continue;
    end if;
    gate := core.open_gate(proposal, item, (p_draft ->> 'senior')::boolean, policy);
    -- Who records by hand has said as what; here nobody has yet.
    if proposal.kind = 'manual' and run.by_hand_of is null and run.compensation_act is null then
      perform core.offer_record_types(gate, run.purpose, run.purpose_version);
    end if;
    if autonomy = 'auto' then
      insert into core.decisions (tenant_id, gate_id, run_id, proposal_id, record_class, gate_version, verdict, actor_kind, actor_user_id,
        authority_policy_version, ai_advisory_id, manual, proposal_hash, rationale_rule, self_confirmed, decided_at)
      values (app.tenant(), gate.id, p_run_id, proposal.id, type.class, 1, 'approve', 'system', policy.set_by,
        policy.version, call.id, false, proposal.hash, gate.rationale_rule, false, app.now())
      returning * into decision;
      perform core.close_gate(gate, 'applied', decision.id, 'system', policy.set_by);
      perform core.write_effect(gate, decision);
      if policy.auto_review_permille > 0 then
        perform core.draw_act(decision, proposal.ordinal, policy.auto_review_permille);
      end if;
    else
      insert into core.outbox (tenant_id, topic, run_id, gate_id, created_at) values (app.tenant(), 'gate.opened', p_run_id, gate.id, app.now());
      if not core.has_people(gate) then
        perform core.seek_people(gate.id);
      end if;
    end if;
  end loop;

  -- Sealed before anybody is told: what was advised, by hash.
  perform core.emit('advisory.recorded', 'system', null, p_run_id, jsonb_build_object(
    'advisory', p_draft ->> 'advisory', 'ai_run_id', call.id, 'policy_version', policy.version::text,
    'prompt_hash', encode(call.prompt_hash, 'hex'), 'output_hash', encode(call.output_hash, 'hex'),
    'input_hash', core.commitment_hex(run.input_content_id),
    'proposals', coalesce((select jsonb_agg(jsonb_build_object('proposal_id', p.id, 'kind', p.kind, 'record_type', p.record_type,
        'hash', encode(p.hash, 'hex'), 'shown', p.shown) order by p.ordinal)
      from core.proposals p where p.tenant_id = app.tenant() and p.run_id = p_run_id), '[]')));
  if exists (select from core.gates where tenant_id = app.tenant() and run_id = p_run_id and closed_at is null) then
    update core.runs set state = 'waiting', step = 'await' where tenant_id = app.tenant() and id = p_run_id;
  else
    update core.runs set step = 'settle' where tenant_id = app.tenant() and id = p_run_id;
  end if;
  return core.draft_answer(p_run_id);
end
$$;
