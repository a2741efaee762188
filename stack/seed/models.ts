import type { Client } from '../../client/index';
import { CountersignError } from '../../client/error';
import type { Body } from '../../client/types';
import { EMBEDDING_MODEL } from '../../contract/model';
import type { ModelRef } from '../../contract/pack';
import type { Registry } from '../../packs/registry';

const ENTRY: Body<'vendors.put'> = {
  listed: true,
  baa_active: false,
  baa_expires_at: null,
  baa_sha256: null,
  zdr_active: true,
  retention_mode: 'none',
  leaves_perimeter: false,
  notes:
    'Rules that run inside the worker, no language model. Nothing leaves it, so there is nothing to agree on.',
};

/** Nobody bills what runs inside the worker. */
const PRICE: Body<'prices.put'> = {
  input_nano_usd_per_token: '0',
  output_nano_usd_per_token: '0',
  cache_read_nano_usd_per_token: '0',
  cache_write_nano_usd_per_token: '0',
};

/** Lists and prices the local models that the packs name, where that has not been done. */
export async function allowLocalModels(platform: Client, registry: Registry): Promise<void> {
  for (const { vendor, model, region } of localModels(registry)) {
    const at = { vendor, model, region };
    if (!(await isThere(() => platform.vendors.get(vendor, model, region)))) {
      await platform.vendors.put(at, ENTRY, { version: 0 });
    }
    if (!(await isThere(async () => (await platform.prices.get(vendor, model, region)).prices[0]))) {
      await platform.prices.put(at, PRICE, { version: 0 });
    }
  }
}

/** The local models of all purposes, and the one for embeddings. */
export function localModels(registry: Registry): readonly ModelRef[] {
  const all = registry.purposes.flatMap(({ model, advisor }) => (advisor ? [model, advisor] : [model]));
  const byName = new Map([...all, EMBEDDING_MODEL].map((ref) => [JSON.stringify(ref), ref]));
  return [...byName.values()].filter(({ vendor }) => vendor === 'local');
}

async function isThere(read: () => Promise<unknown>): Promise<boolean> {
  try {
    return (await read()) !== undefined;
  } catch (error) {
    if (error instanceof CountersignError && error.status === 404) return false;
    throw error;
  }
}
