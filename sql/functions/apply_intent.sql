-- Steps 6 and 7. One compare-and-set: decision, proposal, effect, event and notice, or the answer that names who won.
-- Whoever delivers the id, and however often, verdict and person are read from the intent. p_named is the name of the
-- signal that carried it: another verdict than the stored one is a conflict that changes nothing.
-- Answers {outcome: applied | conflict | superseded | taken_back | late, code, decision_id, gate: {...}}.
create or replace function app.apply_intent(p_intent_id uuid, p_named text default null) returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
declare
  intent core.intents;
  gate core.gates;
  run core.runs;
  answer core.intent_outcomes;
  proposal core.proposals;
  decision core.decisions;
  delegation core.delegations;
  refusal text;
  approvals integer;
begin
  select * into intent from core.intents where tenant_id = app.tenant() and id = p_intent_id;
  if not found then
    return jsonb_build_object('outcome', 'conflict', 'code', 'intent_not_found', 'decision_id', null, 'gate', null);
  end if;
  -- The run first, then its gate: two gates of a run that close together would else each see the other one open.
  select r.* into strict run from core.runs r join core.gates g on g.tenant_id = r.tenant_id and g.run_id = r.id
  where g.tenant_id = app.tenant() and g.id = intent.gate_id for no key update of r;
  select * into strict gate from core.gates where tenant_id = app.tenant() and id = intent.gate_id for no key update;
  select * into answer from core.intent_outcomes where tenant_id = app.tenant() and intent_id = p_intent_id;
  if found then
    return jsonb_build_object('outcome', answer.outcome, 'code', answer.code, 'decision_id', answer.decision_id, 'gate', core.gate_answer(gate.id));
  end if;
  -- A key that was revoked since vouches for nobody. Revoking takes back what was stored under the key, in the same order
  -- of locks, so that either it or this finds the other's work.
  if exists (select from core.api_keys where tenant_id = app.tenant() and id = intent.key_id and revoked_at is not null) then
    perform core.answer_intent(p_intent_id, 'taken_back', null, null);
    return jsonb_build_object('outcome', 'taken_back', 'code', null, 'decision_id', null, 'gate', core.gate_answer(gate.id));
  end if;
  -- The same goes for a delegation; one that has run out since was in time when the verdict was stored.
  if intent.delegation_id is not null then
    select * into strict delegation from core.delegations where tenant_id = app.tenant() and id = intent.delegation_id;
    if delegation.revoked_at is not null then
      perform core.answer_intent(p_intent_id, 'taken_back', null, null);
      return jsonb_build_object('outcome', 'taken_back', 'code', null, 'decision_id', null, 'gate', core.gate_answer(gate.id));
    end if;
  end if;
  gate := core.gate_retermed(gate);
  if gate.version <> intent.gate_version and p_named is null then
    -- A policy that has changed the gate just now has answered every verdict on what it was before.
    select * into answer from core.intent_outcomes where tenant_id = app.tenant() and intent_id = p_intent_id;
    if found then
      return jsonb_build_object('outcome', answer.outcome, 'code', answer.code, 'decision_id', answer.decision_id, 'gate', core.gate_answer(gate.id));
    end if;
  end if;
  if p_named is not null and p_named <> intent.verdict then
    return jsonb_build_object('outcome', 'conflict', 'code', 'verdict_differs', 'decision_id', null, 'gate', core.gate_answer(gate.id));
  end if;

  refusal := case
    when gate.closed_at is not null then 'gate_closed'
    when intent.gate_version <> gate.version then 'gate_changed'
    when intent.proposal_hash <> gate.proposal_hash then 'proposal_changed'
  end;
  refusal := coalesce(refusal, core.verdict_refusal(gate, intent.actor_user_id, intent.key_id, delegation));
  if refusal is null and intent.verdict = 'escalate' and core.next_role(gate) is null then
    refusal := 'no_higher_role';
  end if;
  if refusal is null and intent.verdict = 'approve' and core.is_compensated(run.compensates_record_id) then
    refusal := 'record_compensated';
  end if;
  -- Two verdicts that were stored before either was applied: every seat approves the very same record, of the same type.
  if refusal is null and intent.verdict = 'approve' and exists (
      select from core.decisions where tenant_id = app.tenant() and gate_id = gate.id and gate_version = gate.version
        and verdict = 'approve' and record_type is distinct from intent.record_type) then
    refusal := 'record_type_differs';
  end if;
  if refusal is null and intent.verdict = 'approve' and exists (
      select from core.decisions where tenant_id = app.tenant() and gate_id = gate.id and gate_version = gate.version
        and verdict = 'approve' and disposition is distinct from intent.disposition) then
    refusal := 'disposition_differs';
  end if;
  if refusal is null and intent.verdict = 'approve' and exists (
      select from core.decisions d
        left join core.contents theirs on theirs.tenant_id = d.tenant_id and theirs.id = d.edits_content_id
        left join core.contents mine on mine.tenant_id = d.tenant_id and mine.id = intent.edits_content_id
      where d.tenant_id = app.tenant() and d.gate_id = gate.id and d.gate_version = gate.version and d.verdict = 'approve'
        and theirs.bytes is distinct from mine.bytes) then
    refusal := 'edits_differ';
  end if;
  -- Edits came with the verdict and were asked about then; whom the run is about is compared once more with what is written.
  if refusal is null and intent.verdict = 'approve' and not core.is_about_subject(run,
      (select t from core.record_types t join core.proposals p on t.name = coalesce(intent.record_type, p.record_type) where p.tenant_id = app.tenant() and p.id = gate.proposal_id),
      (select c from core.contents c join core.proposals p on p.tenant_id = c.tenant_id
        where c.tenant_id = app.tenant() and p.id = gate.proposal_id and c.id = coalesce(intent.edits_content_id, p.payload_content_id))) then
    refusal := 'subject_differs';
  end if;
  -- Thresholds may have changed since as well: then the gate asks more from now on, and this verdict was about less.
  if refusal is null and intent.edits_content_id is not null and core.raise_seats(gate,
      (select t from core.record_types t join core.proposals p on t.name = coalesce(intent.record_type, p.record_type) where p.tenant_id = app.tenant() and p.id = gate.proposal_id),
      (select c from core.contents c where c.tenant_id = app.tenant() and c.id = intent.edits_content_id)) then
    perform core.seek_people(gate.id);
    refusal := 'seats_raised';
  end if;
  if refusal is not null then
    perform core.answer_intent(p_intent_id, 'conflict', refusal, (
      select decision_id from core.gate_outcomes where tenant_id = app.tenant() and gate_id = gate.id));
    return jsonb_build_object('outcome', 'conflict', 'code', refusal, 'decision_id', null, 'gate', core.gate_answer(gate.id));
  end if;

  select * into strict proposal from core.proposals where tenant_id = app.tenant() and id = gate.proposal_id;
  insert into core.decisions (tenant_id, gate_id, run_id, proposal_id, record_class, gate_version, verdict, actor_kind, actor_user_id,
    intent_id, ai_advisory_id, manual, proposal_hash, shown_hash, disposition, reason_code, decision_rationale_content_id,
    rationale_rule, edits_content_id, record_type, on_behalf_of, delegation_id, seat_roles, printed_name_content_id, self_confirmed, decided_at)
  values (app.tenant(), gate.id, gate.run_id, gate.proposal_id, gate.record_class, gate.version, intent.verdict, 'human', intent.actor_user_id,
    intent.id, proposal.ai_run_id, gate.manual, gate.proposal_hash, intent.shown_hash, intent.disposition, intent.reason_code,
    intent.rationale_content_id, gate.rationale_rule, intent.edits_content_id, intent.record_type,
    intent.on_behalf_of, intent.delegation_id, case when gate.seat_roles is not null then core.roles_of_verdict(gate, intent, delegation) end, core.printed_name(intent.actor_user_id),
    intent.verdict = 'approve' and exists (select from core.requesters(run.id) r where r.user_id in (intent.actor_user_id, intent.on_behalf_of)), app.now())
  returning * into decision;
  perform core.answer_intent(p_intent_id, 'applied', null, decision.id);

  if intent.verdict = 'reject' then
    perform core.close_gate(gate, 'rejected', decision.id, 'human', intent.actor_user_id);
  elsif intent.verdict = 'escalate' then
    -- Earlier seats are void but shown; the escalator holds none. Every seat asks the next role.
    update core.gates set version = version + 1, roles = array[core.next_role(gate)], base_role = core.next_role(gate), seat_roles = null, added_roles = '{}', escalation_level = escalation_level + 1,
      claimed_by = null, claimed_until = null
    where tenant_id = app.tenant() and id = gate.id;
    insert into core.gate_versions (tenant_id, gate_id, version, cause, changed, at)
    values (app.tenant(), gate.id, gate.version + 1, 'escalation', '{roles}', app.now());
    perform core.emit('gate.escalated', 'human', intent.actor_user_id, gate.run_id, jsonb_build_object(
      'gate_id', gate.id, 'gate_version', (gate.version + 1)::text, 'role', core.next_role(gate), 'decision_id', decision.id));
    insert into core.outbox (tenant_id, topic, run_id, gate_id, created_at) values (app.tenant(), 'gate.escalated', gate.run_id, gate.id, app.now());
    perform core.seek_people(gate.id);
  else
    select count(distinct actor_user_id) into approvals from core.decisions
    where tenant_id = app.tenant() and gate_id = gate.id and gate_version = gate.version and verdict = 'approve' and actor_kind = 'human';
    if approvals >= gate.seats then
      perform core.close_gate(gate, 'approved', decision.id, 'human', intent.actor_user_id);
      perform core.write_effect(gate, decision);
    elsif gate.claimed_by = intent.actor_user_id then
      -- Whoever has taken a seat has no more to do here: the gate is free for the next.
      update core.gates set claimed_by = null, claimed_until = null where tenant_id = app.tenant() and id = gate.id;
    end if;
    if approvals < gate.seats then
      perform core.seek_people(gate.id);
    end if;
  end if;
  perform core.after_gate(gate.run_id);
  return jsonb_build_object('outcome', 'applied', 'code', null, 'decision_id', decision.id, 'gate', core.gate_answer(gate.id));
end
$$;
