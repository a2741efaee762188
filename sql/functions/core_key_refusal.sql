-- Why a key can't hold a seat of a gate now; null when it can. Whoever made a person's key has held its secret, so one
-- human could be both: a maker and the person of a key that they made hold no two seats of one gate.
create or replace function core.key_refusal(p_gate core.gates, p_user_id uuid, p_key_id text) returns text
  language sql stable set search_path = core, app, pg_temp
as $$
  select 'key_maker_holds_seat'
  where exists (
    select from core.decisions d
      join core.intents i on i.tenant_id = d.tenant_id and i.id = d.intent_id
      join core.api_keys theirs on theirs.tenant_id = i.tenant_id and theirs.id = i.key_id
      left join core.api_keys mine on mine.tenant_id = d.tenant_id and mine.id = p_key_id
    where d.tenant_id = app.tenant() and d.gate_id = p_gate.id and d.gate_version = p_gate.version and d.verdict = 'approve'
      and d.actor_user_id <> p_user_id and (theirs.created_by = p_user_id or mine.created_by = d.actor_user_id))
$$;
