-- Answers the unapplied verdicts of a person as taken back: those stored under a key, or, without one, those on gates for
-- which none of p_roles holds a seat. The caller has locked the key or the member, so that none is stored meanwhile. Each
-- run and gate is locked in the order of deciding; what was applied before is left as it is.
create or replace function core.take_back(p_user_id uuid, p_key_id text, p_roles text[]) returns void
  language plpgsql set search_path = core, app, pg_temp
as $$
declare
  pending record;
begin
  for pending in
    select i.id, i.gate_id, g.run_id
    from core.intents i join core.gates g on g.tenant_id = i.tenant_id and g.id = i.gate_id
    where i.tenant_id = app.tenant() and i.actor_user_id = p_user_id
      and (i.key_id = p_key_id or (p_key_id is null and not g.roles && p_roles))
      and not exists (select from core.intent_outcomes o where o.tenant_id = i.tenant_id and o.intent_id = i.id)
    order by g.run_id, g.id, i.id
  loop
    perform from core.runs where tenant_id = app.tenant() and id = pending.run_id for no key update;
    perform from core.gates where tenant_id = app.tenant() and id = pending.gate_id for no key update;
    if not exists (select from core.intent_outcomes where tenant_id = app.tenant() and intent_id = pending.id) then
      perform core.answer_intent(pending.id, 'taken_back', null, null);
    end if;
  end loop;
end
$$;
