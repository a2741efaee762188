import { z } from 'zod';
import { id, instant, natural64, sha256, text } from './primitives';

const model = { vendor: z.string(), model: z.string(), region: z.string() };

/** What a vendor's Region may do with prompts and answers; `none` keeps nothing. */
export const RETENTION_MODES = ['none', 'default', 'provider_data_share', 'inherit'] as const;

const terms = {
  listed: z.boolean(),
  baa_active: z.boolean().meta({ description: 'Business associate agreement' }),
  baa_expires_at: instant.nullable(),
  baa_sha256: sha256.nullable(),
  zdr_active: z.boolean().meta({ description: 'Zero data retention' }),
  retention_mode: text(60),
  leaves_perimeter: z.boolean(),
};

/** A row of the vendor matrix. Its version is the ETag. Notes and who set it are the platform's and its auditors' to see. */
export const vendor = z
  .object({
    ...model,
    version: z.int(),
    ...terms,
    notes: z.string().nullable(),
    set_by: id.nullable(),
    set_at: instant,
  })
  .meta({ id: 'Vendor' });
export type Vendor = z.infer<typeof vendor>;

export const vendorRequest = z
  .strictObject({ ...terms, retention_mode: z.enum(RETENTION_MODES), notes: z.string().max(2000) })
  .refine(
    ({ baa_active, leaves_perimeter, baa_sha256 }) =>
      !(baa_active && leaves_perimeter) || baa_sha256 !== null,
    {
      path: ['baa_sha256'],
      message: 'An agreement with whom content leaves to has its document on file',
    },
  )
  .refine(({ zdr_active, retention_mode }) => !zdr_active || retention_mode === 'none', {
    path: ['retention_mode'],
    message: 'Zero data retention is the mode none',
  })
  .meta({ id: 'VendorRequest' });
export type VendorRequest = z.infer<typeof vendorRequest>;

const rates = {
  input_nano_usd_per_token: natural64,
  output_nano_usd_per_token: natural64,
  cache_read_nano_usd_per_token: natural64,
  cache_write_nano_usd_per_token: natural64,
};

/** What a model costs from a time on. */
export const price = z
  .object({
    ...model,
    valid_from: instant,
    valid_until: instant.nullable(),
    ...rates,
    set_by: id.nullable(),
    set_at: instant,
  })
  .meta({ id: 'Price' });
export type Price = z.infer<typeof price>;

/** A price from `valid_from` on, or from now. What was charged by an older one stays as it was. */
export const priceRequest = z
  .strictObject({ ...rates, valid_from: instant.optional(), valid_until: instant.nullable().default(null) })
  .meta({ id: 'PriceRequest' });
export type PriceRequest = z.infer<typeof priceRequest>;

export const priceHistory = z
  .object({ ...model, prices: z.array(price).meta({ description: 'Newest first' }) })
  .meta({ id: 'PriceHistory' });
