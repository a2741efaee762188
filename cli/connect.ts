import { join } from 'node:path';
import { createClient, type Client } from '../client/index';
import { setting } from '../environment/setting';
import { CAST_NAMES, type CastName } from '../stack/seed/cast';
import { readPeople } from '../stack/seed/token-file';
import { homeFolder } from '../stack/settings';
import { readStackState } from '../stack/state-file';
import { UsageError } from './exit-codes';

export interface ConnectOptions {
  readonly url?: string;
  readonly key?: string;
  /** A seeded person of the stack that runs here. */
  readonly as?: string;
  readonly home?: string;
}

const DEFAULT_PERSON: CastName = 'owner';

/**
 * A client of the API: by --url and --key, else by COUNTERSIGN_URL and COUNTERSIGN_KEY, else of the stack that runs on the
 * data folder, as one of the people that were seeded there.
 */
export function connect(options: ConnectOptions): Client {
  return createClient(whereAndWho(options));
}

/** Where the API is, and with which key it is asked. */
export function whereAndWho(options: ConnectOptions): { readonly baseUrl: string; readonly key: string } {
  const home = options.home ?? homeFolder();
  const baseUrl = options.url ?? setting('COUNTERSIGN_URL') ?? readStackState(home)?.apiUrl;
  if (baseUrl === undefined)
    throw new UsageError(
      `No stack is noted in ${home}: start one (countersign start), or set COUNTERSIGN_URL and COUNTERSIGN_KEY.`,
    );
  const given = options.key ?? (options.as === undefined ? setting('COUNTERSIGN_KEY') : undefined);
  return { baseUrl, key: given ?? seededToken(home, options.as ?? DEFAULT_PERSON) };
}

function seededToken(home: string, name: string): string {
  if (!isCastName(name)) throw new UsageError(`--as takes one of ${CAST_NAMES.join(', ')}.`);
  const person = readPeople(join(home, 'tokens.json'))[name];
  if (person === undefined)
    throw new UsageError(
      `There is no token for ${name} in ${home}: set COUNTERSIGN_KEY, or start the stack.`,
    );
  return person.token;
}

function isCastName(name: string): name is CastName {
  return (CAST_NAMES as readonly string[]).includes(name);
}
