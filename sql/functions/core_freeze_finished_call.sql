-- A finished model call is frozen; before that only what finishing sets may change.
create or replace function core.freeze_finished_call() returns trigger
  language plpgsql set search_path = core, app, pg_temp
as $$
begin
  if tg_op <> 'UPDATE' then
    raise exception 'core.ai_runs is append-only: % refused', tg_op using errcode = 'ZC002';
  end if;
  if old.status <> 'claimed' then
    raise exception 'model call % is finished and frozen', old.id using errcode = 'ZC008';
  end if;
  if (new.tenant_id, new.id, new.run_id, new.document_id, new.kind, new.feature, new.vendor, new.model, new.region, new.call_key, new.parent_id, new.requested_by,
      new.prompt_content_id, new.prompt_hash, new.claimed_at)
     is distinct from
     (old.tenant_id, old.id, old.run_id, old.document_id, old.kind, old.feature, old.vendor, old.model, old.region, old.call_key, old.parent_id, old.requested_by,
      old.prompt_content_id, old.prompt_hash, old.claimed_at) then
    raise exception 'the claim of model call % is frozen', old.id using errcode = 'ZC008';
  end if;
  return new;
end
$$;
