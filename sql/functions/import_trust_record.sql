-- Stores a fact about a person at tier 1 to 3; higher tiers are reached by a receipt or a decision only.
create or replace function app.import_trust_record(p_id uuid, p_subject_id text, p_kind text, p_fact text, p_tier integer) returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
declare
  fact core.contents;
begin
  if p_tier > 3 then
    raise exception 'tier % needs a fresh receipt of the source', p_tier using errcode = 'ZC007';
  end if;
  if exists (select from core.worker_trust_records where tenant_id = app.tenant() and id = p_id) then
    return jsonb_build_object('outcome', 'exists', 'trust_record_id', p_id);
  end if;
  fact := core.put_content(null, 'fact', p_fact);
  insert into core.worker_trust_records (tenant_id, id, subject_id, kind, fact_content_id, tier, created_at, changed_at)
  values (app.tenant(), p_id, p_subject_id, p_kind, fact.id, p_tier, app.now(), app.now());
  return jsonb_build_object('outcome', 'imported', 'trust_record_id', p_id);
end
$$;
