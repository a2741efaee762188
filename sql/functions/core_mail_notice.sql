-- Has those written to whom a row of the outbox concerns: of a gate that is open, everybody who could hold a seat of it now, also
-- in another's place; of a run that has ended or a question to whoever asked, that person. Each gets a mail of its own, or a part of the next digest:
-- where they want that, and where they had very many within the hour.
create or replace function core.mail_notice(p_notice core.outbox) returns void
  language plpgsql set search_path = core, app, pg_temp
as $$
declare
  digest_pause constant interval := '1 hour';
  mails_an_hour_max constant integer := 20;
  gate core.gates;
  reader record;
  mail uuid;
begin
  select * into gate from core.gates where tenant_id = app.tenant() and id = p_notice.gate_id;
  for reader in
    select m.user_id, p.preference = 'digest' or (select count(*) from core.mails h
        where h.tenant_id = m.tenant_id and h.user_id = m.user_id and h.created_at > app.now() - digest_pause) >= mails_an_hour_max as is_digest
    from core.members m left join core.mail_preferences p on p.tenant_id = m.tenant_id and p.user_id = m.user_id
    where m.tenant_id = app.tenant() and m.active and m.kind = 'person' and m.email is not null and p.preference is distinct from 'none'
      and case
        when p_notice.topic in ('run.closed', 'gate.asked') then
          m.user_id = (select r.requested_by from core.runs r where r.tenant_id = app.tenant() and r.id = p_notice.run_id)
        when p_notice.topic in ('gate.opened', 'gate.reminded', 'gate.escalated', 'gate.retermed', 'gate.raised', 'gate.answered') then
          gate.closed_at is null and (core.seat_refusal(gate, m.user_id) is null or core.may_sit_for_another(gate, m.user_id))
        else false
      end
    order by m.user_id
  loop
    if coalesce(reader.is_digest, false) then
      insert into core.mails as d (tenant_id, user_id, is_digest, state, next_at, created_at, changed_at)
      values (app.tenant(), reader.user_id, true, 'pending', app.now() + digest_pause, app.now(), app.now())
      on conflict (tenant_id, user_id) where is_digest and state = 'pending' and attempts = 0 do update set changed_at = excluded.changed_at
      returning d.id into mail;
    else
      insert into core.mails (tenant_id, user_id, is_digest, state, next_at, created_at, changed_at)
      values (app.tenant(), reader.user_id, false, 'pending', app.now(), app.now(), app.now())
      returning id into mail;
    end if;
    insert into core.mail_notices (tenant_id, mail_id, user_id, outbox_id) values (app.tenant(), mail, reader.user_id, p_notice.id);
    insert into core.worklist (kind, tenant_id, ref_id, due_at)
    select 'mail', app.tenant(), m.id, m.next_at from core.mails m where m.tenant_id = app.tenant() and m.id = mail
    on conflict do nothing;
  end loop;
end
$$;
