-- Answers a question that a reviewer asked: by whoever asked for the run, once, while the gate can still be decided. Both
-- stand in the gate's view from then on, so that a verdict on the view before is stale.
-- Answers {outcome: answered} or a refusal.
create or replace function app.answer_question(p_gate_id uuid, p_question_id uuid, p_text text, p_actor_user_id uuid) returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
declare
  gate core.gates;
  refusal text;
  answer core.contents;
begin
  perform core.require_actor(p_actor_user_id, array['requester', 'reviewer', 'senior', 'admin']);
  select * into gate from core.gates where tenant_id = app.tenant() and id = p_gate_id for no key update;
  if not found then return jsonb_build_object('outcome', 'refused', 'code', 'gate_not_found'); end if;
  refusal := case
    when not exists (select from core.gate_questions where tenant_id = app.tenant() and id = p_question_id and gate_id = gate.id)
      then 'question_not_found'
    when not exists (select from core.runs where tenant_id = app.tenant() and id = gate.run_id and requested_by = p_actor_user_id)
      and p_actor_user_id not in (select user_id from core.requesters(gate.run_id)) then 'not_the_requester'
    when gate.closed_at is not null then 'gate_closed'
    when app.now() > gate.due_at then 'gate_late'
    when exists (select from core.gate_answers where tenant_id = app.tenant() and question_id = p_question_id) then 'question_answered'
    when not core.has_letter_or_digit(p_text) then 'rationale_empty' end;
  if refusal is not null then
    return jsonb_build_object('outcome', 'refused', 'code', refusal, 'now', core.winner(gate.id));
  end if;
  answer := core.put_content(gate.run_id, 'comment', p_text);
  insert into core.gate_answers (tenant_id, question_id, gate_id, answered_by, answer_content_id, answered_at)
  values (app.tenant(), p_question_id, gate.id, p_actor_user_id, answer.id, app.now());
  update core.gates set exchanges = exchanges + 1, waits_for_requester = false where tenant_id = app.tenant() and id = gate.id;
  perform core.emit('gate.answered', core.actor_kind(), p_actor_user_id, gate.run_id, jsonb_build_object(
    'gate_id', gate.id, 'question_id', p_question_id, 'answer_hash', encode(answer.commitment, 'hex')));
  insert into core.outbox (tenant_id, topic, run_id, gate_id, created_at)
  values (app.tenant(), 'gate.answered', gate.run_id, gate.id, app.now());
  return jsonb_build_object('outcome', 'answered');
end
$$;
