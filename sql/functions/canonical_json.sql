-- RFC 8785 of a value in the domain of event bodies: objects, arrays, booleans, null and strings; keys of lower-case
-- ASCII; strings of printable ASCII without quote and backslash; numbers as strings. In this domain bytewise key order
-- is UTF-16 order, nothing needs an escape, and a scalar is as jsonb prints it. Raises ZC001 outside of it.
create or replace function app.canonical_json(value jsonb) returns text
  language plpgsql immutable strict parallel safe set search_path = core, app, pg_temp
as $$
declare
  rendered text;
  keys text;
  has_number boolean;
begin
  -- A call for each member, and two patterns for each call, were a tenth of what a run costs: this form calls itself for
  -- what is nested, and looks at all keys and strings at once.
  case jsonb_typeof(value)
    when 'object' then
      select '{' || string_agg('"' || e.key || '":' || case when jsonb_typeof(e.value) in ('object', 'array')
            then app.canonical_json(e.value) else e.value::text end, ',' order by e.key collate "C") || '}',
        string_agg(e.key, e'\n'), bool_or(jsonb_typeof(e.value) = 'number')
      into rendered, keys, has_number from jsonb_each(value) as e;
      rendered := coalesce(rendered, '{}');
    when 'array' then
      select '[' || string_agg(case when jsonb_typeof(e.item) in ('object', 'array')
            then app.canonical_json(e.item) else e.item::text end, ',' order by e.place) || ']',
        bool_or(jsonb_typeof(e.item) = 'number')
      into rendered, has_number from jsonb_array_elements(value) with ordinality as e (item, place);
      rendered := coalesce(rendered, '[]');
    else
      rendered := value::text;
      has_number := jsonb_typeof(value) = 'number';
  end case;
  if has_number then
    raise exception 'event body has a number: write it as a string' using errcode = 'ZC001';
  end if;
  -- A line feed parts the keys: one that holds a line feed itself fails as text.
  if keys collate "C" !~ '^[a-z][a-z0-9_]*(\n[a-z][a-z0-9_]*)*$' then
    raise exception 'event body has a key outside of its domain' using errcode = 'ZC001';
  end if;
  -- jsonb prints a quote, a backslash and what is below a space with a backslash.
  if rendered collate "C" !~ '^[\x20-\x5b\x5d-\x7e]*$' then
    raise exception 'event body has a string outside of its domain' using errcode = 'ZC001';
  end if;
  return rendered;
end
$$;
