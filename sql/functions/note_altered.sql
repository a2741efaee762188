-- Pages operations about a content that is no longer what was hashed, and seals it into the chain; once while the page is
-- open. Whoever reads such a content gets an error, which takes its transaction back, so this is called in another one. It
-- looks for itself. Answers {outcome: altered | unaltered}.
create or replace function app.note_altered(p_content_id uuid) returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
declare
  stored core.contents;
  named text := 'content_altered ' || p_content_id;
begin
  select * into stored from core.contents where tenant_id = app.tenant() and id = p_content_id;
  if not found or not core.is_altered(stored) then
    return jsonb_build_object('outcome', 'unaltered');
  end if;
  if not exists (select from core.pages where tenant_id = app.tenant() and cause = named and acknowledged_at is null) then
    perform core.emit('content.altered', 'system', null, stored.run_id, jsonb_build_object('content_id', stored.id, 'kind', stored.kind));
  end if;
  perform core.page(named, 'content_altered', stored.run_id);
  return jsonb_build_object('outcome', 'altered');
end
$$;
