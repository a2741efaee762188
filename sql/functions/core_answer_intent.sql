-- Writes what became of an intent, once, and takes it off the worklist. One that is taken back has no decision to tell of
-- it, so an event does.
create or replace function core.answer_intent(p_intent_id uuid, p_outcome text, p_code text, p_decision_id uuid) returns void
  language plpgsql set search_path = core, app, pg_temp
as $$
begin
  insert into core.intent_outcomes (tenant_id, intent_id, outcome, code, decision_id, at)
  values (app.tenant(), p_intent_id, p_outcome, p_code, p_decision_id, app.now());
  delete from core.worklist where kind = 'intent' and tenant_id = app.tenant() and ref_id = p_intent_id;
  if p_outcome = 'taken_back' then
    perform core.emit('intent.taken_back', core.actor_kind(), core.actor(), g.run_id, jsonb_build_object(
      'intent_id', i.id, 'gate_id', i.gate_id, 'user_id', i.actor_user_id, 'key_id', i.key_id))
    from core.intents i join core.gates g on g.tenant_id = i.tenant_id and g.id = i.gate_id
    where i.tenant_id = app.tenant() and i.id = p_intent_id;
  end if;
end
$$;
