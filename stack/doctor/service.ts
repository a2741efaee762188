import { CountersignError } from '../../client/error';
import { createClient, everyItem, type Client, type ModelAt } from '../../client/index';
import { START, away, ending, fail, ok, reasonOf, warn, type Found } from './check';

/** Where the API is, and keys of people to ask it as. */
export interface Service {
  readonly url: string | undefined;
  readonly keys: readonly string[];
}

const NO_KEY =
  "set COUNTERSIGN_KEY to an admin's key, or start the stack, which notes those of the people that it seeds";
const ASK_ADMIN = "the platform's admin";

/** Whether the API answers, and what it says of database and Temporal. */
export async function checkApi({ url }: Service): Promise<Found> {
  if (url === undefined) return away('no API is known', `${START}, or set COUNTERSIGN_URL`);
  try {
    const { status, parts } = await createClient({ baseUrl: url, retriesMax: 0 }).ready();
    const said = `${url}: ${Object.entries(parts)
      .map(([part, health]) => `${part} ${health}`)
      .join(', ')}`;
    return status === 'ok'
      ? ok(said)
      : away(said, 'mend what is unavailable: see database and Temporal above');
  } catch (error) {
    return away(reasonOf(error), `${START}, or look at COUNTERSIGN_URL`);
  }
}

/** Agreements of models that leave the perimeter: when one runs out, its model is refused from that moment on. */
export async function checkAgreements(service: Service): Promise<Found> {
  return await asSomebody(service, async ([client]) => {
    const listed = (await all(client.vendors.list)).filter((one) => one.listed);
    if (listed.length === 0)
      return fail(
        'the vendor matrix lists no model, so every run is refused',
        `${ASK_ADMIN}: countersign vendors set`,
      );
    const ends = listed
      .filter((one) => one.leaves_perimeter)
      .map((one) => ({ what: nameOf(one), until: one.baa_expires_at }));
    return judge(ends, {
      fine: `${listed.length} models are listed, none runs out soon`,
      over: 'is refused: its agreement ended',
      remedy: `${ASK_ADMIN}, with the agreement that follows: countersign vendors set`,
    });
  });
}

/** Prices of the models that are listed: one without a price now is refused. */
export async function checkPrices(service: Service): Promise<Found> {
  return await asSomebody(service, async ([client]) => {
    const listed = (await all(client.vendors.list)).filter((one) => one.listed);
    const present = new Map((await all(client.prices.list)).map((one) => [nameOf(one), one.valid_until]));
    const remedy = `${ASK_ADMIN}: countersign prices set`;
    const without = listed.map(nameOf).filter((name) => !present.has(name));
    if (without.length > 0) return fail(`${without.join(', ')} is refused: it has no price now`, remedy);
    const ends = listed.map((one) => ({ what: nameOf(one), until: present.get(nameOf(one)) ?? null }));
    return judge(ends, {
      fine: `${listed.length} models have a price, none runs out soon`,
      over: 'is refused: it has no price since',
      remedy,
    });
  });
}

function nameOf({ vendor, model, region }: ModelAt): string {
  return `${vendor}/${model} (${region})`;
}

/** Keys of the tenants whose admins or auditors are among those who ask. */
export async function checkKeys(service: Service): Promise<Found> {
  return await asSomebody(service, async (clients) => {
    const keys = new Map<string, End>();
    for (const client of clients) {
      const { member } = await client.me();
      if (!member.roles.some((role) => role === 'admin' || role === 'platform_admin' || role === 'auditor'))
        continue;
      for (const key of await all(client.keys.list))
        if (key.revoked_at === null)
          keys.set(key.id, { what: `${key.label} (${key.id})`, until: key.expires_at });
    }
    if (keys.size === 0) return warn('nobody who asks may list keys', NO_KEY);
    return judge([...keys.values()], {
      fine: `${keys.size} keys, none runs out soon`,
      over: 'opens nothing since',
      remedy: 'an admin of its tenant: countersign key create, and key revoke for the old one',
      isOverFine: true,
    });
  });
}

interface Words {
  readonly fine: string;
  /** What has come of one that is over, before the time. */
  readonly over: string;
  readonly remedy: string;
  /** Whether one that is over keeps nothing from working. */
  readonly isOverFine?: boolean;
}

/** Something that ends, or never does. */
interface End {
  readonly what: string;
  readonly until: string | null;
}

function judge(ends: readonly End[], words: Words): Found {
  const over = ends.filter(({ until }) => ending(until) === 'over');
  const soon = ends.filter(({ until }) => ending(until) === 'soon');
  const verdict = words.isOverFine === true ? warn : fail;
  if (over.length > 0)
    return verdict(
      over.map(({ what, until }) => `${what} ${words.over} ${until ?? ''}`).join(', '),
      words.remedy,
    );
  if (soon.length > 0)
    return warn(soon.map(({ what, until }) => `${what} until ${until ?? ''}`).join(', '), words.remedy);
  return ok(words.fine);
}

/** Asks as the people whose keys are there; says so when there is none, none is known, or nobody answers. */
async function asSomebody(
  { url, keys }: Service,
  ask: (clients: readonly [Client, ...Client[]]) => Promise<Found>,
): Promise<Found> {
  if (url === undefined) return away('no API to ask', `${START}, or set COUNTERSIGN_URL`);
  const [first, ...others] = keys.map((key) => createClient({ baseUrl: url, key, retriesMax: 0 }));
  if (first === undefined) return warn('no key to ask with', NO_KEY);
  try {
    return await ask([first, ...others]);
  } catch (error) {
    if (!(error instanceof CountersignError)) throw error;
    if (error.code === 'not_authenticated') return fail('the API does not know the key', NO_KEY);
    return away(error.message, 'see API above');
  }
}

type Page<Item> = { readonly items: readonly Item[]; readonly next_cursor: string | null };

async function all<Item>(list: (query: { cursor?: string }) => Promise<Page<Item>>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of everyItem((cursor) => list(cursor === undefined ? {} : { cursor })))
    items.push(item);
  return items;
}
