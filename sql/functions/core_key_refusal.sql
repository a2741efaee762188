-- Why a key can't hold a seat of a gate now; null when it can. Whoever made a person's key has held its secret, so one
-- human could be both: a maker and the person of a key that they made hold no two seats of one gate. The same goes for an admin
-- who made a delegation for others, and for whomever a verdict is in the place of (p_on_behalf_of).
drop function if exists core.key_refusal(core.gates, uuid, text);
create or replace function core.key_refusal(p_gate core.gates, p_user_id uuid, p_key_id text, p_on_behalf_of uuid default null,
    p_delegated_by uuid default null) returns text
  language sql stable set search_path = core, app, pg_temp
as $$
  select 'key_maker_holds_seat'
  where exists (
    select from core.decisions d
      join core.intents i on i.tenant_id = d.tenant_id and i.id = d.intent_id
      join core.api_keys theirs on theirs.tenant_id = i.tenant_id and theirs.id = i.key_id
      left join core.api_keys mine on mine.tenant_id = d.tenant_id and mine.id = p_key_id
    where d.tenant_id = app.tenant() and d.gate_id = p_gate.id and d.gate_version = p_gate.version and d.verdict = 'approve'
      and d.actor_user_id <> p_user_id
      and (theirs.created_by in (p_user_id, p_on_behalf_of) or mine.created_by in (d.actor_user_id, d.on_behalf_of)
        or p_delegated_by in (d.actor_user_id, d.on_behalf_of)
        or (d.delegation_id is not null and exists (select from core.delegations g
          where g.tenant_id = d.tenant_id and g.id = d.delegation_id and g.created_by in (p_user_id, p_on_behalf_of)))))
$$;
