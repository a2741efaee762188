-- Everything that scrub needs of a run, in one read: input, purpose, tenant, what the tenant knows since the caller has
-- looked before (p_known_mark), and whether a prompt is stored already. Content: for the worker only.
drop function if exists app.load_run(uuid);
create or replace function app.load_run(p_run_id uuid, p_known_mark text default null) returns jsonb
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
    'known', core.known_since(p_known_mark),
    'has_passages', exists (select from core.embeddings where tenant_id in (app.tenant(), '__global__')));
end
$$;
