-- RFC 8785 of a value in the domain of event bodies: objects, arrays, booleans, null and strings; keys of lower-case
-- ASCII; strings of printable ASCII without quote and backslash; numbers as strings. In this domain bytewise key order
-- is UTF-16 order and nothing needs an escape. Raises ZC001 outside of it.
create or replace function app.canonical_json(value jsonb) returns text
  language plpgsql immutable strict parallel safe set search_path = core, app, pg_temp
as $$
declare
  raw text;
begin
  case jsonb_typeof(value)
    when 'object' then
      if exists (select from jsonb_object_keys(value) as k where k collate "C" !~ '^[a-z][a-z0-9_]*$') then
        raise exception 'event body has a key outside of its domain' using errcode = 'ZC001';
      end if;
      return '{' || coalesce((
        select string_agg('"' || e.key || '":' || app.canonical_json(e.value), ',' order by e.key collate "C")
        from jsonb_each(value) as e), '') || '}';
    when 'array' then
      return '[' || coalesce((
        select string_agg(app.canonical_json(e.item), ',' order by e.place)
        from jsonb_array_elements(value) with ordinality as e (item, place)), '') || ']';
    when 'string' then
      raw := value #>> '{}';
      if raw collate "C" !~ '^[\x20\x21\x23-\x5b\x5d-\x7e]*$' then
        raise exception 'event body has a string outside of its domain' using errcode = 'ZC001';
      end if;
      return '"' || raw || '"';
    when 'number' then
      raise exception 'event body has a number: write it as a string' using errcode = 'ZC001';
    else
      return value::text;
  end case;
end
$$;
