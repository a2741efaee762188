-- Registers a record type of a pack, at start. What it is called and its class never change; its words may.
-- Answers {outcome: registered | unchanged} or {outcome: refused, code}.
create or replace function app.register_record_type(p_type jsonb) returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
declare
  known core.record_types;
begin
  select * into known from core.record_types where name = p_type ->> 'name';
  if found and known.content_hash = decode(p_type ->> 'content_hash', 'hex') then
    return jsonb_build_object('outcome', 'unchanged');
  end if;
  if found and (known.class, known.kind, known.effect) is distinct from (p_type ->> 'class', p_type ->> 'kind', p_type ->> 'effect') then
    return jsonb_build_object('outcome', 'refused', 'code', 'record_type_changed');
  end if;
  insert into core.record_types as t (name, class, kind, effect, required_fields, role, seats, separation, rationale_rule, reason_codes, dispositions,
    definition, content_hash)
  values (p_type ->> 'name', p_type ->> 'class', p_type ->> 'kind', p_type ->> 'effect',
    array(select jsonb_array_elements_text(p_type -> 'required_fields')), p_type ->> 'role', (p_type ->> 'seats')::integer, p_type ->> 'separation',
    p_type ->> 'rationale_rule', array(select jsonb_array_elements_text(p_type -> 'reason_codes')),
    array(select jsonb_array_elements_text(p_type -> 'dispositions')), p_type -> 'definition', decode(p_type ->> 'content_hash', 'hex'))
  on conflict (name) do update set required_fields = excluded.required_fields, role = excluded.role, seats = excluded.seats,
    separation = excluded.separation, rationale_rule = excluded.rationale_rule, reason_codes = excluded.reason_codes,
    dispositions = excluded.dispositions, definition = excluded.definition, content_hash = excluded.content_hash;
  return jsonb_build_object('outcome', 'registered');
end
$$;
