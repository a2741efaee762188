-- Notes values that no model may read in free text, each once. Names that only an input tells are kept as content.
create or replace function core.note_known(p_kind text, p_values text[], p_told_in uuid default null) returns void
  language plpgsql set search_path = core, app, pg_temp
as $$
declare
  secret bytea := coalesce((select call_key_secret from core.tenant_secrets where tenant_id = app.tenant()), '');
  noted text;
  mark bytea;
begin
  -- In one order for everybody: who notes the same values waits, and never in a circle.
  for noted in select distinct v from unnest(p_values) as n (v) where v <> '' order by v loop
    mark := sha256(secret || convert_to(p_kind || ' ' || noted, 'UTF8'));
    continue when exists (select from core.known_values where tenant_id = app.tenant() and fingerprint = mark);
    insert into core.known_values (tenant_id, fingerprint, kind, value, content_id)
    values (app.tenant(), mark, p_kind, case when p_told_in is null then noted end,
      case when p_told_in is not null then (core.put_content(p_told_in, 'fact', noted)).id end)
    on conflict do nothing;
  end loop;
end
$$;
