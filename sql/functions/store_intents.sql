-- Stores one verdict on many gates at once, each as an intent of its own. Only where one look can be enough for all: routine
-- gates of one record type, purpose and version of the tenant's policy, each named once; else nothing is stored, and p_items
-- that do not fit are named with why. What is stale, decided or refused by itself is answered for that gate alone.
-- p_items: [{gate_id, gate_version, proposal_hash, shown_hash}], hashes in hexadecimal. The same key with the same request is
-- answered as it was the first time. Answers {outcome: stored | replayed, items: [{gate_id, intent_id, code, now, changed}]} or
-- {outcome: refused, code, items: [{place, why}]}.
create or replace function app.store_intents(p_key text, p_request text, p_items jsonb, p_verdict text, p_reason_code text, p_rationale text,
    p_key_id text, p_authenticated_at timestamptz, p_actor_user_id uuid) returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
declare
  known core.bulk_verdicts;
  unfit jsonb;
  one record;
  stored jsonb;
  answers jsonb := '[]';
  fresh_salt bytea := sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));
begin
  perform core.require_actor(p_actor_user_id, array['reviewer', 'senior', 'admin']);
  if coalesce(jsonb_array_length(p_items), 0) not between 1 and 100 then
    raise exception 'one to a hundred gates are decided at once' using errcode = 'ZC004';
  end if;
  perform pg_advisory_xact_lock(hashtextextended(app.tenant() || ' decisions ' || p_key, 0));
  select * into known from core.bulk_verdicts where tenant_id = app.tenant() and key = p_key;
  if found then
    if known.user_id <> p_actor_user_id or known.request_commitment <> sha256(known.request_salt || convert_to(p_request, 'UTF8')) then
      return jsonb_build_object('outcome', 'refused', 'code', 'key_reused');
    end if;
    return jsonb_build_object('outcome', 'replayed', 'items', known.items);
  end if;
  -- Member and key before gates, and gates in the order of their ids, as whoever locks several of them does.
  perform from core.members where tenant_id = app.tenant() and user_id = p_actor_user_id for share;
  perform from core.api_keys where tenant_id = app.tenant() and id = p_key_id for share;
  perform from core.gates where tenant_id = app.tenant() and id in (select (item ->> 'gate_id')::uuid from jsonb_array_elements(p_items) item)
  order by id for no key update;
  unfit := core.unfit_together(p_items);
  if jsonb_array_length(unfit) > 0 then
    return jsonb_build_object('outcome', 'refused', 'code', 'not_decided_together', 'items', unfit);
  end if;

  for one in
    select i.item ->> 'gate_id' as gate_id, (i.item ->> 'gate_version')::integer as gate_version,
      decode(i.item ->> 'proposal_hash', 'hex') as proposal_hash, decode(i.item ->> 'shown_hash', 'hex') as shown_hash
    from jsonb_array_elements(p_items) with ordinality as i (item, place) order by i.place
  loop
    stored := app.store_intent(p_gate_id => one.gate_id::uuid, p_gate_version => one.gate_version, p_proposal_hash => one.proposal_hash,
      p_shown_hash => one.shown_hash, p_verdict => p_verdict, p_disposition => null, p_reason_code => p_reason_code, p_rationale => p_rationale,
      p_edits => null, p_actor_user_id => p_actor_user_id, p_key_id => p_key_id, p_authenticated_at => p_authenticated_at);
    answers := answers || jsonb_build_object('gate_id', one.gate_id, 'run_id', stored -> 'run_id', 'intent_id', stored -> 'intent_id',
      'code', stored -> 'code', 'now', stored -> 'now', 'changed', coalesce(stored -> 'changed', '[]'));
  end loop;
  insert into core.bulk_verdicts (tenant_id, key, user_id, request_salt, request_commitment, items, at)
  values (app.tenant(), p_key, p_actor_user_id, fresh_salt, sha256(fresh_salt || convert_to(p_request, 'UTF8')), answers, app.now());
  return jsonb_build_object('outcome', 'stored', 'items', answers);
end
$$;
