/**
 * Does work for each item, as many at once as meet in the database, wave after wave: waiting in a pool's queue is no
 * race, and its patience ends.
 */
export async function atOnce<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
  wave = 10,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let from = 0; from < items.length; from += wave)
    results.push(...(await Promise.all(items.slice(from, from + wave).map(work))));
  return results;
}
