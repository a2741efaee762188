import type { Client } from '../client/index';
import { everyItem } from '../client/index';
import type { Gate } from '../contract/wire/gate';
import { UsageError } from './exit-codes';

const WHOLE_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const END_OF_ID = /^[0-9a-f-]{4,36}$/i;
const SHORT_LENGTH = 8;

/** The end of a gate's id, by which people name it: ids that were made about the same time begin alike. */
export function shortId(id: string): string {
  return id.slice(-SHORT_LENGTH);
}

/**
 * The whole id of a gate, from itself or from its last characters where no other gate's id ends so.
 * @throws UsageError when none or several do
 */
export async function findGate(client: Client, text: string): Promise<string> {
  if (WHOLE_ID.test(text)) return text;
  if (!END_OF_ID.test(text))
    throw new UsageError(`${text} is no id: take a gate's, or at least its last four characters.`);
  const ends = { id_ends: text.toLowerCase(), limit: 2 };
  const found: Gate[] = [];
  for await (const gate of everyItem((cursor) => client.gates.list({ ...ends, cursor }))) {
    found.push(gate);
    if (found.length > 1) throw new UsageError(`The ids of several gates end in ${text}: give more of it.`);
  }
  const [one] = found;
  if (one === undefined) throw new UsageError(`No gate that you may see has an id that ends in ${text}.`);
  return one.id;
}
