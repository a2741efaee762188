-- Notes that the server is about to get the end of a mail, before it gets it: from then on it may have taken it. Answers whether
-- the attempt may go on; one that a later one took over from may not.
create or replace function app.hand_mail(p_mail_id uuid, p_attempt integer) returns boolean
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
begin
  update core.mail_attempts set handed_at = app.now()
  where tenant_id = app.tenant() and mail_id = p_mail_id and attempt = p_attempt and state = 'open' and handed_at is null;
  return found;
end
$$;
