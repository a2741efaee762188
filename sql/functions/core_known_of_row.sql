-- Known values follow from rows: whoever writes a member, a subject, a fact or a receipt has made it known.
create or replace function core.known_of_row() returns trigger
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
begin
  case tg_table_name
    when 'members' then
      if new.kind = 'person' then
        perform core.note_known('person', array[new.display_name]);
      end if;
      perform core.note_known('email', array[new.email]);
    when 'runs', 'subject_members' then
      perform core.note_known('code', array[new.subject_id]);
    when 'worker_trust_records', 'source_receipts' then
      perform core.note_known('code', array[new.subject_id, new.id::text]);
  end case;
  return null;
end
$$;
