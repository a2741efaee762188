-- A reason in words as it is stored. Where its gate declares parts, each that the verdict asks for is there, with the prompt that it
-- answers; a reason without parts is the first of them, so that approving and rejecting ask the same of whoever decides. Answers
-- {text} or {code, missing: [names]}.
create or replace function core.compose_rationale(p_gate core.gates, p_disposition text, p_rationale text, p_parts jsonb) returns jsonb
  language plpgsql stable set search_path = core, app, pg_temp
as $$
declare
  declared constant jsonb := p_gate.rationale_parts;
  given jsonb := coalesce(p_parts, '{}');
  missing jsonb;
begin
  if declared = '[]' then
    return case when given = '{}' then jsonb_build_object('text', p_rationale) else '{"code": "rationale_part_unknown", "missing": []}'::jsonb end;
  end if;
  if p_rationale is not null and not given ? (declared -> 0 ->> 'name') then
    given := given || jsonb_build_object(declared -> 0 ->> 'name', p_rationale);
  elsif p_rationale is not null then
    return '{"code": "rationale_part_unknown", "missing": []}'::jsonb;
  end if;
  if exists (select from jsonb_object_keys(given) as g (name) where not exists (
      select from jsonb_array_elements(declared) as d (part) where d.part ->> 'name' = g.name and core.asks_part(d.part, p_disposition))) then
    return '{"code": "rationale_part_unknown", "missing": []}'::jsonb;
  end if;
  select coalesce(jsonb_agg(d.part ->> 'name' order by d.place), '[]') into missing
  from jsonb_array_elements(declared) with ordinality as d (part, place)
  where core.asks_part(d.part, p_disposition) and not coalesce(core.has_letter_or_digit(given ->> (d.part ->> 'name')), false);
  if missing <> '[]' then
    return jsonb_build_object('code', 'rationale_part_missing', 'missing', missing);
  end if;
  return jsonb_build_object('text', (
    select jsonb_agg(jsonb_build_object('name', d.part -> 'name', 'prompt', d.part -> 'prompt', 'text', given -> (d.part ->> 'name')) order by d.place)
    from jsonb_array_elements(declared) with ordinality as d (part, place) where core.asks_part(d.part, p_disposition))::text);
end
$$;
