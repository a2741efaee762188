-- Writes what became of an intent, once, and takes it off the worklist.
create or replace function core.answer_intent(p_intent_id uuid, p_outcome text, p_code text, p_decision_id uuid) returns void
  language plpgsql set search_path = core, app, pg_temp
as $$
begin
  insert into core.intent_outcomes (tenant_id, intent_id, outcome, code, decision_id, at)
  values (app.tenant(), p_intent_id, p_outcome, p_code, p_decision_id, app.now());
  delete from core.worklist where kind = 'intent' and tenant_id = app.tenant() and ref_id = p_intent_id;
end
$$;
