-- Everything that scrub needs of a run, in one read: input, purpose, tenant, what the tenant's people are called, and
-- whether a prompt is stored already. Content: for the worker only.
create or replace function app.load_run(p_run_id uuid) returns jsonb
  language plpgsql stable security definer set search_path = core, app, pg_temp
as $$
declare
  run core.runs;
begin
  select * into run from core.runs where tenant_id = app.tenant() and id = p_run_id;
  if not found then
    raise exception 'no such run' using errcode = 'ZC010';
  end if;
  return jsonb_build_object(
    'state', run.state, 'purpose', run.purpose, 'purpose_version', run.purpose_version,
    'input', core.content_text(run.input_content_id)::json,
    'prompt_stored', run.prompt_content_id is not null,
    'call_key_secret', (select encode(call_key_secret, 'hex') from core.tenant_secrets where tenant_id = app.tenant()),
    'tenant', (select jsonb_build_object('id', t.id, 'kind', t.kind, 'currency', t.currency, 'time_zone', t.time_zone, 'places', to_jsonb(t.places))
      from core.tenants t where t.id = app.tenant()),
    'known_names', coalesce((select jsonb_agg(m.display_name) from core.members m where m.tenant_id = app.tenant() and m.kind = 'person'), '[]'),
    'has_passages', exists (select from core.embeddings where tenant_id in (app.tenant(), '__global__')));
end
$$;
