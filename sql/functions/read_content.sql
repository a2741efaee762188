-- Shows one content to an auditor, and records who read what, and that identifiers were seen where it has them back.
create or replace function app.read_content(p_content_id uuid, p_actor_user_id uuid) returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
declare
  stored core.contents;
begin
  perform core.require_actor(p_actor_user_id, array['auditor']);
  select * into stored from core.contents where tenant_id = app.tenant() and id = p_content_id;
  if not found then return jsonb_build_object('outcome', 'refused', 'code', 'content_not_found'); end if;
  -- An auditor who reviews as well is a reviewer first.
  if stored.kind <> 'input' and exists (select from app.blind_gates(p_actor_user_id, array[stored.run_id])) then
    return jsonb_build_object('outcome', 'refused', 'code', 'view_required');
  end if;
  if core.is_altered(stored) then
    raise exception 'content % is not what was hashed', stored.id using errcode = 'ZC014', detail = stored.id::text;
  end if;
  perform core.emit('content.read', core.actor_kind(), p_actor_user_id, stored.run_id, jsonb_build_object(
    'content_id', stored.id, 'kind', stored.kind, 'content_hash', encode(stored.commitment, 'hex')));
  perform core.note_reidentified(array[stored.id], p_actor_user_id);
  return jsonb_build_object('outcome', 'read', 'kind', stored.kind, 'text', convert_from(stored.bytes, 'UTF8'),
    'salt', encode(stored.salt, 'hex'), 'commitment', encode(stored.commitment, 'hex'));
end
$$;
