-- A stored reason as one text: of several parts, each after the prompt that it answers. p_parts: what its gate declares of them.
create or replace function core.rationale_text(p_parts jsonb, p_stored text) returns text
  language sql immutable
  return case when p_parts = '[]' or p_stored is null then p_stored
    else (select case when count(*) = 1 then max(part ->> 'text')
        else string_agg((part ->> 'prompt') || E'\n' || (part ->> 'text'), E'\n\n' order by place) end
      from jsonb_array_elements(p_stored::jsonb) with ordinality as p (part, place)) end;
