-- Step 2. Stores the built prompt, the tokens that stand in it and the call keys; once. Answers {outcome: stored | kept | closed}.
-- p_scrubbed: {prompt, primary_call_key, advisor_call_key, tokens: [{token, kind, sealed_value}], data_key: {master_key_id,
-- wrapped_key}, passages: [id], told: [{kind, value}]}, keys and sealed values as hex; the passages as the prompt shows them,
-- the nearest first; told is what the input says of people, which the tenant knows from then on.
create or replace function app.store_prompt(p_run_id uuid, p_scrubbed jsonb) returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
declare
  run core.runs;
  prompt core.contents;
  told record;
begin
  select * into strict run from core.runs where tenant_id = app.tenant() and id = p_run_id for no key update;
  if run.state = 'closed' then
    return jsonb_build_object('outcome', 'closed');
  end if;
  if run.prompt_content_id is not null then
    return jsonb_build_object('outcome', 'kept');
  end if;
  prompt := core.put_content(p_run_id, 'prompt', p_scrubbed ->> 'prompt');
  insert into core.scrub_tokens (tenant_id, run_id, token, kind, sealed_value)
  select app.tenant(), p_run_id, t.token, t.kind, decode(t.sealed_value, 'hex')
  from jsonb_to_recordset(p_scrubbed -> 'tokens') as t (token text, kind text, sealed_value text);
  insert into core.data_keys (tenant_id, run_id, version, master_key_id, wrapped_key, wrapped_at)
  select app.tenant(), p_run_id, 1, p_scrubbed -> 'data_key' ->> 'master_key_id', decode(p_scrubbed -> 'data_key' ->> 'wrapped_key', 'hex'), app.now()
  where jsonb_array_length(p_scrubbed -> 'tokens') > 0 and p_scrubbed ? 'data_key';
  insert into core.run_passages (tenant_id, run_id, ordinal, passage_id)
  select app.tenant(), p_run_id, p.place - 1, p.id::uuid
  from jsonb_array_elements_text(coalesce(p_scrubbed -> 'passages', '[]')) with ordinality as p (id, place);
  for told in
    select t.kind, array_agg(t.value) as values from jsonb_to_recordset(coalesce(p_scrubbed -> 'told', '[]')) as t (kind text, value text)
    group by t.kind order by t.kind
  loop
    perform core.note_known(told.kind, told.values, p_run_id);
  end loop;
  update core.runs set step = 'invoke', prompt_content_id = prompt.id,
    prompt_call_key = decode(p_scrubbed ->> 'primary_call_key', 'hex'), advisor_call_key = decode(p_scrubbed ->> 'advisor_call_key', 'hex')
  where tenant_id = app.tenant() and id = p_run_id;
  return jsonb_build_object('outcome', 'stored');
end
$$;
