-- Seals one pending event into its tenant's chain, at commit. Deferred, so that the head's lock is the last that a
-- transaction takes: locking it earlier deadlocks writers that take the other locks in another order. SECURITY DEFINER
-- with a pinned path, because before PostgreSQL 18 a deferred trigger runs as the session's role.
create or replace function core.seal() returns trigger
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
declare
  head core.chain_heads;
  sealed_at timestamptz;
  sealed_payload text;
  sealed_payload_hash bytea;
begin
  -- One chain in a transaction: two would deadlock writers that enter two tenants in different orders.
  if new.tenant_id is distinct from app.tenant() then
    raise exception 'a transaction writes events of one tenant only' using errcode = 'ZC005';
  end if;
  select * into head from core.chain_heads where tenant_id = new.tenant_id for update;
  if not found then
    insert into core.chain_heads (tenant_id, seq, entry_hash, at)
    values (new.tenant_id, 0, sha256('countersign/audit/v1'::bytea || '\x00'::bytea || convert_to(new.tenant_id, 'UTF8')), '-infinity')
    on conflict do nothing;
    select * into strict head from core.chain_heads where tenant_id = new.tenant_id for update;
  end if;

  sealed_at := greatest(app.now(), head.at + interval '1 microsecond');
  sealed_payload := '{"at":"' || app.utc(sealed_at)
    || '","body":' || app.canonical_json(new.body || jsonb_build_object(
         'actor_kind', new.actor_kind, 'actor_user_id', new.actor_user_id, 'run_id', new.run_id))
    || ',"prev":"' || encode(head.entry_hash, 'hex')
    || '","seq":"' || (head.seq + 1)::text
    || '","tenant":"' || new.tenant_id
    || '","type":"' || new.type || '","v":1}';
  sealed_payload_hash := sha256(convert_to(sealed_payload, 'UTF8'));

  insert into core.audit_log (tenant_id, seq, at, type, actor_kind, actor_user_id, run_id, payload, payload_hash, prev_hash, entry_hash)
  values (new.tenant_id, head.seq + 1, sealed_at, new.type, new.actor_kind, new.actor_user_id, new.run_id,
    sealed_payload, sealed_payload_hash, head.entry_hash, sha256(head.entry_hash || sealed_payload_hash));
  update core.chain_heads
  set seq = head.seq + 1, entry_hash = sha256(head.entry_hash || sealed_payload_hash), at = sealed_at
  where tenant_id = new.tenant_id;
  delete from core.audit_pending where id = new.id;
  return null;
end
$$;
