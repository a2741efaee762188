import { everyItem } from '../client/index';

/** All items of a list, for commands that show short lists whole. */
export async function allItems<Item>(
  page: Parameters<typeof everyItem<Item>>[0],
): Promise<{ readonly items: readonly Item[] }> {
  const items: Item[] = [];
  for await (const item of everyItem(page)) items.push(item);
  return { items };
}
