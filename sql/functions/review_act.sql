-- Says what a person thinks of an act of the system that was drawn: agree or disagree, once. Whoever may hold a seat of such a
-- gate may say it. Answers {outcome: reviewed} or {outcome: refused, code, now: {verdict, actor_user_id, at}}.
create or replace function app.review_act(p_decision_id uuid, p_verdict text, p_reason_code text, p_reason text, p_actor_user_id uuid) returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
declare
  sample core.act_samples;
  gate core.gates;
  earlier core.act_reviews;
  reason core.contents;
  refusal text;
begin
  perform core.require_actor(p_actor_user_id, array['reviewer', 'senior', 'admin']);
  select * into sample from core.act_samples where tenant_id = app.tenant() and decision_id = p_decision_id;
  if not found then
    return jsonb_build_object('outcome', 'refused', 'code', 'review_not_found');
  end if;
  -- Two who review at once wait for one another here; the second is told of the first.
  select * into strict gate from core.gates where tenant_id = app.tenant() and id = sample.gate_id for no key update;
  select * into earlier from core.act_reviews where tenant_id = app.tenant() and decision_id = p_decision_id;
  refusal := case when earlier.decision_id is not null then 'review_closed' end;
  -- The seat is the system's, under the authority of whoever set the policy: on a farm of one person nobody else is there to look.
  refusal := coalesce(refusal, nullif(core.seat_refusal(gate, p_actor_user_id), 'seat_taken'), case
    when p_reason is not null and not core.has_letter_or_digit(p_reason) then 'rationale_empty'
    when p_reason is null and p_reason_code is null then 'rationale_required'
    when not coalesce(p_reason_code = any (gate.reason_codes), true) then 'reason_code_unknown'
  end);
  if refusal is not null then
    return jsonb_build_object('outcome', 'refused', 'code', refusal, 'now', case when earlier.decision_id is null then '{}'::jsonb
      else jsonb_build_object('verdict', earlier.verdict, 'actor_user_id', earlier.actor_user_id, 'at', app.utc(earlier.reviewed_at)) end);
  end if;
  if p_reason is not null then
    reason := core.put_content(gate.run_id, 'rationale', p_reason);
  end if;
  insert into core.act_reviews (tenant_id, decision_id, verdict, reason_code, reason_content_id, actor_user_id, key_id, reviewed_at)
  values (app.tenant(), p_decision_id, p_verdict, p_reason_code, reason.id, p_actor_user_id, core.presented_key(), app.now());
  return jsonb_build_object('outcome', 'reviewed');
end
$$;
