-- Names the person whom a new run is about, by its input, by the run that it descends from and by the tenant's map.
-- Answers {subject_id, subject_user_id, remember} or {code}. An id that is mapped names its member, whether the input says
-- so or not; one that says otherwise is refused, and so is what descends from a run about somebody else.
create or replace function core.find_subject(p_purpose core.purposes, p_input text, p_origin core.runs) returns jsonb
  language plpgsql stable set search_path = core, app, pg_temp
as $$
declare
  named record := core.read_subject(p_purpose, p_input);
  known uuid;
  member uuid;
begin
  if named.subject_id is null and (p_purpose).definition ->> 'subject_id_field' is not null then
    return jsonb_build_object('code', 'subject_missing');
  end if;
  if named.subject_user_id is not null then
    select user_id into member from core.members
    where tenant_id = app.tenant() and user_id::text = lower(named.subject_user_id) and kind = 'person';
    if not found then
      return jsonb_build_object('code', 'subject_unknown');
    end if;
  end if;
  known := coalesce(core.subject_member(named.subject_id), (p_origin).subject_user_id);
  if (p_origin).subject_id <> named.subject_id or known <> member then
    return jsonb_build_object('code', 'subject_differs');
  end if;
  return jsonb_build_object('subject_id', named.subject_id, 'subject_user_id', coalesce(member, known),
    'remember', named.subject_id is not null and member is not null and core.subject_member(named.subject_id) is null);
end
$$;
