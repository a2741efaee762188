-- How many runs may descend from one another: nobody sends the same thing again that often.
create or replace function core.lineage_max() returns integer
  language sql immutable parallel safe
  return 100;
