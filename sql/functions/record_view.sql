-- Records what a reviewer thinks of a gate before the model's answer is shown to them; once. From its commit on they are shown all
-- of it. Answers {outcome: recorded, id} or {outcome: refused, code}.
create or replace function app.record_view(p_gate_id uuid, p_opinion text, p_disposition text, p_note text, p_actor_user_id uuid) returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
declare
  gate core.gates;
  refusal text;
  content core.contents;
  new_id uuid := app.new_id();
begin
  perform core.require_actor(p_actor_user_id, array['reviewer', 'senior', 'admin']);
  select * into gate from core.gates where tenant_id = app.tenant() and id = p_gate_id for no key update;
  if not found then return jsonb_build_object('outcome', 'refused', 'code', 'gate_not_found'); end if;
  refusal := case
    when gate.closed_at is not null then 'gate_closed'
    when app.now() > gate.due_at then 'gate_late'
    when not gate.blind_first then 'view_not_asked'
    when exists (select from core.gate_views where tenant_id = app.tenant() and gate_id = gate.id and user_id = p_actor_user_id) then 'view_recorded'
    -- Whoever can't sit here at all is asked for no view; a role may still come to whoever lacks it.
    when core.seat_refusal(gate, p_actor_user_id) in ('person_required', 'subject_of_run', 'recused', 'requester_holds_no_seat')
      then core.seat_refusal(gate, p_actor_user_id)
    when not coalesce(core.has_letter_or_digit(p_note), false) then 'rationale_empty'
    when p_opinion = 'approve' and cardinality(gate.dispositions) > 0 and not coalesce(p_disposition = any (gate.dispositions), false)
      then 'disposition_required'
    when (p_opinion <> 'approve' or cardinality(gate.dispositions) = 0) and p_disposition is not null then 'disposition_not_asked'
  end;
  if refusal is not null then
    return jsonb_build_object('outcome', 'refused', 'code', refusal);
  end if;
  content := core.put_content(gate.run_id, 'comment', jsonb_build_object('opinion', p_opinion, 'disposition', p_disposition, 'note', p_note)::text);
  insert into core.gate_views (tenant_id, id, gate_id, user_id, gate_version, opinion, disposition, view_content_id, at)
  values (app.tenant(), new_id, gate.id, p_actor_user_id, gate.version, p_opinion, p_disposition, content.id, app.now());
  perform core.emit('gate.viewed', core.actor_kind(), p_actor_user_id, gate.run_id, jsonb_build_object(
    'view_id', new_id, 'gate_id', gate.id, 'gate_version', gate.version::text, 'proposal_hash', encode(gate.proposal_hash, 'hex'),
    'view_hash', encode(content.commitment, 'hex')));
  return jsonb_build_object('outcome', 'recorded', 'id', new_id);
end
$$;
