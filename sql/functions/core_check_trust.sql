-- Tier 4 and 5 only with a receipt that is fresh now. Compared at promotion; later reads go through a view.
create or replace function core.check_trust() returns trigger
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
begin
  if new.tier >= 4 and (tg_op = 'INSERT' or old.tier < new.tier or old.source_receipt_id is distinct from new.source_receipt_id
      or old.verified_until is distinct from new.verified_until) then
    if not exists (
      select from core.source_receipts r
      where r.tenant_id = new.tenant_id and r.id = new.source_receipt_id and r.subject_id = new.subject_id
        and r.valid_until > app.now() and new.verified_until <= r.valid_until and new.verified_until > app.now()
        and new.last_verified_at >= r.fetched_at and new.last_verified_at <= app.now()) then
      raise exception 'tier % needs a fresh receipt of the source', new.tier using errcode = 'ZC007';
    end if;
  end if;
  return new;
end
$$;
