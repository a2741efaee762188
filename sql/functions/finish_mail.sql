-- Ends an attempt at a mail: sent (p_code is null), or failed with that code and the server's status if it gave one. A status is
-- the server's word that it has not taken the mail; without one, a mail that was handed over is unsure and is not sent again.
-- What failed in passing is tried again over two days; `mail_refused` is final. Answers {outcome: wait, pause_ms} or {outcome:
-- over, state, code}.
create or replace function app.finish_mail(p_mail_id uuid, p_attempt integer, p_code text, p_status integer) returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
declare
  pauses constant interval[] := array['1 minute', '5 minutes', '30 minutes', '2 hours', '5 hours', '10 hours', '14 hours', '20 hours'];
  mail core.mails;
  attempt core.mail_attempts;
  now constant timestamptz := app.now();
begin
  select * into strict mail from core.mails where tenant_id = app.tenant() and id = p_mail_id for no key update;
  select * into strict attempt from core.mail_attempts where tenant_id = app.tenant() and mail_id = p_mail_id and mail_attempts.attempt = p_attempt;
  if attempt.state <> 'open' or mail.state <> 'pending' then
    return jsonb_build_object('outcome', 'over', 'state', mail.state, 'code', mail.code);
  end if;
  attempt.state := case when p_code is null then 'sent' when attempt.handed_at is not null and p_status is null then 'unsure' else 'failed' end;
  attempt.code := case attempt.state when 'unsure' then 'mail_unsure' else p_code end;
  update core.mail_attempts a set state = attempt.state, code = attempt.code, status = p_status, ended_at = now
  where a.tenant_id = app.tenant() and a.mail_id = p_mail_id and a.attempt = p_attempt;
  if attempt.state <> 'failed' then
    return core.end_mail(p_mail_id, attempt.state, attempt.code);
  end if;
  if p_code = 'mail_refused' or pauses[p_attempt] is null then
    return core.end_mail(p_mail_id, 'failed', case p_code when 'mail_refused' then 'mail_refused' else 'mail_failed' end);
  end if;
  update core.mails set next_at = now + pauses[p_attempt] * (1 + random() / 10), changed_at = now where tenant_id = app.tenant() and id = p_mail_id
  returning * into mail;
  update core.worklist set due_at = mail.next_at + interval '1 minute', failures = 0, failed_at = null
  where kind = 'mail' and tenant_id = app.tenant() and ref_id = p_mail_id;
  return jsonb_build_object('outcome', 'wait', 'pause_ms', ceil(extract(epoch from mail.next_at - now) * 1000)::bigint);
end
$$;
