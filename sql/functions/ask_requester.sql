-- Asks whoever asked for the run for information, by somebody who could decide about the gate. It holds nothing back: the
-- gate's clocks run on, and whoever knows enough may decide. A gate has one open question at a time.
-- Answers {outcome: asked, id} or a refusal.
create or replace function app.ask_requester(p_gate_id uuid, p_text text, p_actor_user_id uuid) returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
declare
  gate core.gates;
  refusal text;
  question core.contents;
  new_id uuid := app.new_id();
begin
  perform core.require_actor(p_actor_user_id, null);
  select * into gate from core.gates where tenant_id = app.tenant() and id = p_gate_id for no key update;
  if not found then return jsonb_build_object('outcome', 'refused', 'code', 'gate_not_found'); end if;
  refusal := case when gate.closed_at is not null then 'gate_closed'
    when app.now() > gate.due_at then 'gate_late'
    when not core.has_letter_or_digit(p_text) then 'rationale_empty' end;
  refusal := coalesce(refusal, core.seat_refusal(gate, p_actor_user_id), core.key_refusal(gate, p_actor_user_id, core.presented_key()),
    case when gate.waits_for_requester then 'question_open' end);
  if refusal is not null then
    return jsonb_build_object('outcome', 'refused', 'code', refusal, 'now', core.winner(gate.id));
  end if;
  question := core.put_content(gate.run_id, 'comment', p_text);
  insert into core.gate_questions (tenant_id, id, gate_id, asked_by, question_content_id, asked_at)
  values (app.tenant(), new_id, gate.id, p_actor_user_id, question.id, app.now());
  update core.gates set exchanges = exchanges + 1, waits_for_requester = true where tenant_id = app.tenant() and id = gate.id;
  perform core.emit('gate.asked', core.actor_kind(), p_actor_user_id, gate.run_id, jsonb_build_object(
    'gate_id', gate.id, 'question_id', new_id, 'question_hash', encode(question.commitment, 'hex')));
  insert into core.outbox (tenant_id, topic, run_id, gate_id, created_at)
  values (app.tenant(), 'gate.asked', gate.run_id, gate.id, app.now());
  return jsonb_build_object('outcome', 'asked', 'id', new_id);
end
$$;
