-- A lease is of at least half a minute and at most of a time that its kind allows, whoever asks for it.
create or replace function core.check_lease(p_lease interval, p_longest interval) returns void
  language plpgsql immutable set search_path = core, app, pg_temp
as $$
begin
  if p_lease is null or p_lease < interval '30 seconds' or p_lease > p_longest then
    raise exception 'a lease of this length is not given' using errcode = 'ZC004';
  end if;
end
$$;
