-- How much a class demands of whoever decides: nobody in particular, a person, or a person other than who asked.
create or replace function core.class_rank(p_class text) returns integer
  language sql immutable set search_path = core, app, pg_temp
as $$
  select case when p_class = 'routine' then 0 when p_class in ('privileging', 'credentialing', 'hiring') then 2 else 1 end
$$;
