-- Stores a reviewer's verdict after checking gate, version, hash, deadline, seat, rationale and completeness, with the
-- database's time, and supersedes the same person's earlier unapplied ones. From this commit on it is accepted.
-- Answers {outcome: stored, intent_id} or {outcome: refused, code, now: {...}, changed: [...]}: what is there now, and what of
-- it has changed since the view that p_shown_hash commits to. p_record_type: which of the types that the gate offers an approval
-- writes; where it offers one, that one goes without saying. p_on_behalf_of: in whose place, by a delegation that holds now. An
-- edit that carries the record over a threshold of seats is not stored: {outcome: raised, code, now}, and the gate asks more from
-- that commit on. p_rationale_parts: {name: text}, where the gate declares parts of a reason. p_proof_id, p_proof_secret: that this
-- person has proved anew who they are, for this very verdict (app.reauthenticate), where the gate asks for it.
drop function if exists app.store_intent(uuid, integer, bytea, bytea, text, text, text, text, text, uuid, text, timestamptz);
drop function if exists app.store_intent(uuid, integer, bytea, bytea, text, text, text, text, text, uuid, text, timestamptz, text);
drop function if exists app.store_intent(uuid, integer, bytea, bytea, text, text, text, text, text, uuid, text, timestamptz, text, uuid);
create or replace function app.store_intent(p_gate_id uuid, p_gate_version integer, p_proposal_hash bytea, p_shown_hash bytea, p_verdict text,
    p_disposition text, p_reason_code text, p_rationale text, p_edits text,
    p_actor_user_id uuid, p_key_id text, p_authenticated_at timestamptz, p_record_type text default null,
    p_on_behalf_of uuid default null, p_rationale_parts jsonb default null, p_proof_id uuid default null, p_proof_secret bytea default null)
  returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp set plan_cache_mode = force_generic_plan
as $$
declare
  gate core.gates;
  proposal core.proposals;
  run core.runs;
  type core.record_types;
  key core.api_keys;
  delegation core.delegations;
  refusal text;
  changed text[];
  offered text[];
  chosen text;
  rationale core.contents;
  edits core.contents;
  final core.contents;
  intent uuid;
  earlier uuid;
  stored_at timestamptz;
  reason jsonb;
begin
  -- Human is proved, not claimed: a person's own live key, presented, and how that person signed in. Member and key stay as
  -- they are until this commits: who changes or revokes them waits, and then takes this verdict back.
  perform from core.members where tenant_id = app.tenant() and user_id = p_actor_user_id for share;
  select * into key from core.api_keys k
  where k.tenant_id = app.tenant() and k.id = p_key_id and k.user_id = p_actor_user_id and k.revoked_at is null and core.is_proved(k)
  for share;
  if p_on_behalf_of is not null then
    -- As a key: whoever revokes one waits, and then takes this verdict back.
    perform from core.delegations where tenant_id = app.tenant() and delegator_user_id = p_on_behalf_of and delegate_user_id = p_actor_user_id
      and revoked_at is null order by id for share;
  end if;
  select * into gate from core.gates where tenant_id = app.tenant() and id = p_gate_id for no key update;
  if not found then
    return jsonb_build_object('outcome', 'refused', 'code', 'gate_not_found');
  end if;
  -- What the tenant's policy has made of it since is what is decided about, also where no sweep has come by yet.
  gate := core.gate_retermed(gate);
  -- One instant, read after the lock, is compared with the deadline and stored: no verdict is accepted and then late.
  stored_at := app.now();
  select * into strict proposal from core.proposals where tenant_id = app.tenant() and id = gate.proposal_id;
  select * into strict run from core.runs where tenant_id = app.tenant() and id = gate.run_id;
  -- Under the gate's lock: what is applied meanwhile waits, so that the verdict is about what this person was shown.
  changed := core.view_changes(gate, p_actor_user_id, p_gate_version, p_proposal_hash, p_shown_hash);
  offered := array(select record_type from core.gate_record_types where tenant_id = app.tenant() and gate_id = gate.id);
  chosen := coalesce(p_record_type, case when p_verdict = 'approve' and cardinality(offered) = 1 then offered[1] end);

  refusal := case
    when gate.closed_at is not null then 'gate_closed'
    when stored_at > gate.due_at then 'gate_late'
    when key.id is null or key.expires_at <= stored_at or key.auth_method = 'service' then 'person_required'
    when p_gate_version is distinct from gate.version then 'gate_changed'
    when p_proposal_hash is distinct from gate.proposal_hash then 'proposal_changed'
  end;
  if p_on_behalf_of is not null then
    delegation := core.delegation_of(gate, p_actor_user_id, p_on_behalf_of, stored_at);
    refusal := coalesce(refusal, case when delegation.id is null then 'delegation_missing' end);
  end if;
  refusal := coalesce(refusal, core.verdict_refusal(gate, p_actor_user_id, p_key_id, delegation));
  refusal := coalesce(refusal, case
    when cardinality(changed) > 0 then 'gate_changed'
    when p_rationale is not null and not core.has_letter_or_digit(p_rationale) then 'rationale_empty'
    when gate.rationale_rule = 'text' and coalesce(p_rationale, p_rationale_parts::text) is null then 'rationale_required'
    when coalesce(p_rationale, p_rationale_parts::text, p_reason_code) is null then 'rationale_required'
    when p_reason_code is not null and not p_reason_code = any (gate.reason_codes) then 'reason_code_unknown'
    when p_verdict = 'escalate' and core.next_role(gate) is null then 'no_higher_role'
    when p_verdict = 'approve' and cardinality(gate.dispositions) > 0 and not coalesce(p_disposition = any (gate.dispositions), false)
      then 'disposition_required'
    when (p_verdict <> 'approve' or cardinality(gate.dispositions) = 0) and p_disposition is not null then 'disposition_not_asked'
    when p_record_type is not null and (p_verdict <> 'approve' or not p_record_type = any (offered)) then 'record_type_not_offered'
    when p_verdict = 'approve' and cardinality(offered) > 0 and chosen is null then 'record_type_required'
    -- What a correction proposes stands already; what is undone is undone as it was written.
    when p_edits is not null and (p_verdict <> 'approve' or (gate.seats > 1 and (not gate.manual or run.compensation_act is not null)
        -- Several seats because of an amount may edit it, each in the same way; seats of a committee may not.
        and (select t.seats from core.record_types t where t.name = proposal.record_type) > 1)
      or run.compensation_act = 'undo') then 'edits_not_allowed'
    when p_verdict = 'approve' and gate.manual and p_edits is null and run.compensation_act is null then 'edits_required'
    when p_verdict = 'approve' and core.is_compensated(run.compensates_record_id) then 'record_compensated'
  end);
  if refusal is null and coalesce(p_rationale, p_rationale_parts::text) is not null then
    reason := core.compose_rationale(gate, p_disposition, p_rationale, p_rationale_parts);
    refusal := reason ->> 'code';
  end if;
  if refusal is null and p_verdict = 'approve' then
    select * into strict type from core.record_types where name = coalesce(chosen, proposal.record_type);
    -- Every seat writes one and the same record, of one type.
    if exists (select from core.decisions where tenant_id = app.tenant() and gate_id = gate.id and gate_version = gate.version
        and verdict = 'approve' and record_type is distinct from chosen) then
      refusal := 'record_type_differs';
    end if;
    if p_edits is null then
      select * into strict final from core.contents where tenant_id = app.tenant() and id = proposal.payload_content_id;
    else
      final.bytes := convert_to(p_edits, 'UTF8');
    end if;
    if refusal is null and not core.is_complete(type, final) then
      refusal := 'record_incomplete';
    end if;
    if refusal is null and not core.is_about_subject(run, type, final) then
      refusal := 'subject_differs';
    end if;
    -- Two seats that grant different things have granted nothing.
    if refusal is null and exists (select from core.decisions where tenant_id = app.tenant() and gate_id = gate.id and gate_version = gate.version
        and verdict = 'approve' and disposition is distinct from p_disposition) then
      refusal := 'disposition_differs';
    end if;
    -- The second seat approves the very record that the first one wrote, or left as it was proposed.
    if refusal is null and exists (select from core.decisions d left join core.contents c on c.tenant_id = d.tenant_id and c.id = d.edits_content_id
        where d.tenant_id = app.tenant() and d.gate_id = gate.id and d.gate_version = gate.version and d.verdict = 'approve'
          and c.bytes is distinct from case when p_edits is not null then final.bytes end) then
      refusal := 'edits_differ';
    end if;
    -- What a person writes may ask more than what was proposed, or than the type that the gate opened with.
    if refusal is null and p_edits is not null and core.raise_seats(gate, type, final) then
      perform core.seek_people(gate.id);
      return jsonb_build_object('outcome', 'raised', 'code', 'seats_raised', 'now', core.winner(gate.id), 'changed', '["seats"]'::jsonb);
    end if;
  end if;
  -- Last, so that what is refused otherwise uses no proof.
  refusal := coalesce(refusal, core.proof_refusal(gate, p_actor_user_id, p_key_id, p_proof_id, p_proof_secret, core.verdict_words(p_gate_version,
    p_proposal_hash, p_shown_hash, p_verdict, p_disposition, p_reason_code, p_rationale, p_rationale_parts, p_edits, p_record_type, p_on_behalf_of),
    stored_at));
  if refusal is not null then
    return jsonb_build_object('outcome', 'refused', 'code', refusal, 'now', core.winner(gate.id)
      || coalesce(jsonb_build_object('rationale_parts', nullif(reason -> 'missing', '[]')), '{}')
      || jsonb_build_object('shown_hash', encode(core.shown_hash(gate.id, p_actor_user_id), 'hex')), 'changed',
      case when refusal = 'gate_changed' then to_jsonb(changed) else '[]' end);
  end if;

  if reason ->> 'text' is not null then
    rationale := core.put_content(gate.run_id, 'rationale', reason ->> 'text');
  end if;
  if p_edits is not null then
    edits := core.put_content(gate.run_id, 'edit', p_edits);
  end if;
  insert into core.intents (tenant_id, gate_id, gate_version, proposal_hash, shown_hash, verdict, disposition, reason_code,
    rationale_content_id, edits_content_id, record_type, actor_user_id, on_behalf_of, delegation_id,
    key_id, auth_method, authenticated_at, reauthentication_id, stored_at)
  values (app.tenant(), gate.id, p_gate_version, p_proposal_hash, p_shown_hash, p_verdict, p_disposition, p_reason_code,
    rationale.id, edits.id, chosen, p_actor_user_id, p_on_behalf_of, delegation.id, p_key_id, key.auth_method,
    coalesce((select r.authenticated_at from core.reauthentications r where r.tenant_id = app.tenant() and r.id = p_proof_id), p_authenticated_at), p_proof_id, stored_at)
  returning id into intent;
  for earlier in
    select i.id from core.intents i
    where i.tenant_id = app.tenant() and i.gate_id = gate.id and i.actor_user_id = p_actor_user_id and i.id <> intent
      and not exists (select from core.intent_outcomes o where o.tenant_id = i.tenant_id and o.intent_id = i.id)
  loop
    perform core.answer_intent(earlier, 'superseded', null, null);
  end loop;
  insert into core.worklist (kind, tenant_id, ref_id, due_at) values ('intent', app.tenant(), intent, app.now() + interval '5 seconds');
  return jsonb_build_object('outcome', 'stored', 'intent_id', intent, 'run_id', gate.run_id);
end
$$;
