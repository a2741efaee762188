import type { Command } from 'commander';
import { CountersignError } from '../../client/error';
import type { Price, PriceRequest, Vendor, VendorRequest } from '../../contract/wire/vendor';
import { allItems } from '../all-items';
import { positive, yesOrNo } from '../arguments';
import { contextOf } from '../context';
import { properties, show, table } from '../output';

/** `vendors` and `prices`: which models may be called, on what terms, and what they cost. */
export function addMatrixCommands(program: Command): void {
  const vendors = program
    .command('vendors')
    .description('the vendor matrix: which models may be called, and on what terms');
  addVendorReads(vendors);
  addVendorSet(vendors);
  const prices = program.command('prices').description('what models cost, in nano-dollars a token');
  addPriceReads(prices);
  addPriceSet(prices);
}

function addVendorReads(vendors: Command): void {
  vendors
    .command('list', { isDefault: true })
    .description('all rows')
    .action(async (_options: object, command: Command) => {
      const { output, client } = contextOf(command);
      const list = await allItems((cursor) => client().vendors.list({ cursor }));
      show(output, list, () =>
        table(
          [
            'vendor',
            'model',
            'region',
            'version',
            'listed',
            'leaves',
            'agreement',
            'until',
            'zero retention',
          ],
          list.items.map((one) => [
            one.vendor,
            one.model,
            one.region,
            one.version,
            one.listed,
            one.leaves_perimeter,
            one.leaves_perimeter ? one.baa_active : 'not applicable',
            one.baa_expires_at,
            one.zdr_active,
          ]),
        ),
      );
    });
  vendors
    .command('show <vendor> <model> <region>')
    .description('one row, with its notes')
    .action(async (vendor: string, model: string, region: string, _options: object, command: Command) => {
      const { output, client } = contextOf(command);
      const row = await client().vendors.get(vendor, model, region);
      show(output, row, () => properties(row));
    });
}

interface VendorOptions {
  readonly listed?: boolean;
  readonly leavesPerimeter?: boolean;
  readonly baaActive?: boolean;
  readonly baaExpiresAt?: string;
  readonly baaSha256?: string;
  readonly zdrActive?: boolean;
  readonly retentionMode?: string;
  readonly notes?: string;
  readonly ifVersion?: number;
}

function addVendorSet(vendors: Command): void {
  vendors
    .command('set <vendor> <model> <region>')
    .description('save the next version of a row, as the platform; what is left out stays as it is')
    .option('--listed <yes|no>', 'whether it may be called at all', yesOrNo)
    .option('--leaves-perimeter <yes|no>', 'whether prompts leave this installation', yesOrNo)
    .option('--baa-active <yes|no>', 'whether there is a business associate agreement', yesOrNo)
    .option('--baa-expires-at <time>', 'until when: RFC 3339 in UTC, or none')
    .option('--baa-sha256 <hash>', 'of the agreement as it was signed, or none')
    .option('--zdr-active <yes|no>', 'whether the vendor keeps nothing', yesOrNo)
    .option('--retention-mode <text>', 'what the vendor calls it')
    .option('--notes <text>', 'for whoever reads the row next')
    .option(
      '--if-version <number>',
      'the version that you saw; refused when another was saved since',
      positive,
    )
    .action(
      async (vendor: string, model: string, region: string, options: VendorOptions, command: Command) => {
        const { output, client } = contextOf(command);
        const present = await orAbsent(client().vendors.get(vendor, model, region));
        const seen = { version: options.ifVersion ?? present?.version ?? 0 };
        const row = await client().vendors.put({ vendor, model, region }, termsOf(present, options), seen);
        show(output, row, () => properties(row));
      },
    );
}

/** The terms as they shall be. The API says which are missing from a new row: none of them is guessed here. */
function termsOf(
  present: Pick<Vendor, keyof VendorRequest> | undefined,
  options: VendorOptions,
): VendorRequest {
  return {
    listed: options.listed ?? present?.listed,
    leaves_perimeter: options.leavesPerimeter ?? present?.leaves_perimeter,
    baa_active: options.baaActive ?? present?.baa_active,
    baa_expires_at: orNone(options.baaExpiresAt, present?.baa_expires_at),
    baa_sha256: orNone(options.baaSha256, present?.baa_sha256),
    zdr_active: options.zdrActive ?? present?.zdr_active,
    retention_mode: options.retentionMode ?? present?.retention_mode,
    notes: options.notes ?? present?.notes ?? '',
  } as VendorRequest;
}

function addPriceReads(prices: Command): void {
  prices
    .command('list', { isDefault: true })
    .description('prices that are valid now')
    .action(async (_options: object, command: Command) => {
      const { output, client } = contextOf(command);
      const list = await allItems((cursor) => client().prices.list({ cursor }));
      show(output, list, () => priceTable(list.items));
    });
  prices
    .command('show <vendor> <model> <region>')
    .description('all prices of a model, newest first')
    .action(async (vendor: string, model: string, region: string, _options: object, command: Command) => {
      const { output, client } = contextOf(command);
      const history = await client().prices.get(vendor, model, region);
      show(output, history, () => priceTable(history.prices));
    });
}

interface PriceOptions {
  readonly input?: string;
  readonly output?: string;
  readonly cacheRead?: string;
  readonly cacheWrite?: string;
  readonly from?: string;
  readonly until?: string;
  readonly ifVersion?: number;
}

function addPriceSet(prices: Command): void {
  prices
    .command('set <vendor> <model> <region>')
    .description(
      'add a price, as the platform; what was charged by an older one stays. A rate that is left out stays',
    )
    .option('--input <nano-dollars>', 'a token that is read')
    .option('--output <nano-dollars>', 'a token that is written')
    .option('--cache-read <nano-dollars>', "a token that comes from the vendor's cache")
    .option('--cache-write <nano-dollars>', "a token that goes to the vendor's cache")
    .option('--from <time>', 'RFC 3339 in UTC; now by default')
    .option('--until <time>', 'RFC 3339 in UTC; without end by default')
    .option('--if-version <number>', 'how many prices you saw; refused when one was added since', positive)
    .action(
      async (vendor: string, model: string, region: string, options: PriceOptions, command: Command) => {
        const { output, client } = contextOf(command);
        const present = (await orAbsent(client().prices.get(vendor, model, region)))?.prices ?? [];
        const seen = { version: options.ifVersion ?? present.length };
        const request = ratesOf(present[0], options);
        const history = await client().prices.put({ vendor, model, region }, request, seen);
        show(output, history, () => priceTable(history.prices));
      },
    );
}

function ratesOf(present: Rates | undefined, options: PriceOptions): PriceRequest {
  return {
    input_nano_usd_per_token: options.input ?? present?.input_nano_usd_per_token,
    output_nano_usd_per_token: options.output ?? present?.output_nano_usd_per_token,
    cache_read_nano_usd_per_token: options.cacheRead ?? present?.cache_read_nano_usd_per_token,
    cache_write_nano_usd_per_token: options.cacheWrite ?? present?.cache_write_nano_usd_per_token,
    ...(options.from === undefined ? {} : { valid_from: options.from }),
    valid_until: options.until ?? null,
  } as PriceRequest;
}

type Rates = Omit<PriceRequest, 'valid_from' | 'valid_until'>;

function priceTable(items: readonly Price[]): string[] {
  const row = (one: Price): (string | null)[] => [
    one.vendor,
    one.model,
    one.region,
    one.input_nano_usd_per_token,
    one.output_nano_usd_per_token,
    one.cache_read_nano_usd_per_token,
    one.cache_write_nano_usd_per_token,
    one.valid_from,
    one.valid_until,
  ];
  const columns = [
    'vendor',
    'model',
    'region',
    'input',
    'output',
    'cache read',
    'cache write',
    'from',
    'until',
  ];
  return table(columns, items.map(row));
}

/** What is not there yet is undefined. @throws CountersignError for every other failure */
async function orAbsent<Answer>(reading: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof CountersignError && error.status === 404) return undefined;
    throw error;
  }
}

function orNone(given: string | undefined, present: string | null | undefined): string | null {
  if (given === 'none') return null;
  return given ?? present ?? null;
}
