-- Begins the next attempt at a mail, as a row. One whose worker was killed before it had handed the mail over is lost and tried
-- again; one that was handed over may have been taken, and nobody can tell: it is never sent a second time, and operations are
-- paged. A mail about what is over by now, or to somebody who is not written to any more, is moot. Answers {outcome: send,
-- attempt, to, time_zone, notices: [{topic, gate_id, run_id, record_type, record_class, due_at, run_outcome}]}, {outcome: wait,
-- pause_ms} before its time, or {outcome: over, state, code}.
create or replace function app.begin_mail(p_mail_id uuid) returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
declare
  mail core.mails;
  address text;
  told jsonb;
  now constant timestamptz := app.now();
begin
  select * into strict mail from core.mails where tenant_id = app.tenant() and id = p_mail_id for no key update;
  if mail.state <> 'pending' then
    return jsonb_build_object('outcome', 'over', 'state', mail.state, 'code', mail.code);
  end if;
  if mail.next_at > now then
    return jsonb_build_object('outcome', 'wait', 'pause_ms', ceil(extract(epoch from mail.next_at - now) * 1000)::bigint);
  end if;
  update core.mail_attempts set state = case when handed_at is null then 'lost' else 'unsure' end,
    code = case when handed_at is null then 'delivery_lost' else 'mail_unsure' end, ended_at = now
  where tenant_id = app.tenant() and mail_id = p_mail_id and state = 'open';
  if exists (select from core.mail_attempts where tenant_id = app.tenant() and mail_id = p_mail_id and state = 'unsure') then
    return core.end_mail(p_mail_id, 'unsure', 'mail_unsure');
  end if;
  select m.email into address from core.members m left join core.mail_preferences p on p.tenant_id = m.tenant_id and p.user_id = m.user_id
  where m.tenant_id = app.tenant() and m.user_id = mail.user_id and m.active and p.preference is distinct from 'none';
  select jsonb_agg(jsonb_build_object('topic', o.topic, 'gate_id', o.gate_id, 'run_id', o.run_id, 'record_type', pr.record_type,
      'record_class', g.record_class, 'due_at', app.utc(g.due_at), 'run_outcome', r.outcome) order by o.created_at, o.id) into told
  from core.mail_notices n join core.outbox o on o.tenant_id = n.tenant_id and o.id = n.outbox_id
    left join core.runs r on r.tenant_id = o.tenant_id and r.id = o.run_id
    left join core.gates g on g.tenant_id = o.tenant_id and g.id = o.gate_id
    left join core.proposals pr on pr.tenant_id = g.tenant_id and pr.id = g.proposal_id
  where n.tenant_id = app.tenant() and n.mail_id = p_mail_id and (g.id is null or g.closed_at is null);
  if address is null or told is null then
    return core.end_mail(p_mail_id, 'moot', null);
  end if;
  insert into core.mail_attempts (tenant_id, mail_id, attempt, state, started_at) values (app.tenant(), p_mail_id, mail.attempts + 1, 'open', now);
  update core.mails set attempts = attempts + 1, changed_at = now where tenant_id = app.tenant() and id = p_mail_id;
  update core.worklist set due_at = now + interval '3 minutes' where kind = 'mail' and tenant_id = app.tenant() and ref_id = p_mail_id;
  return jsonb_build_object('outcome', 'send', 'attempt', mail.attempts + 1, 'to', address, 'notices', told,
    'time_zone', (select time_zone from core.tenants where id = app.tenant()));
end
$$;
