import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Database } from '../../db/pool';
import { inTenant, type Transaction } from '../../db/transaction';
import { examplesFolder } from '../examples-folder';

const factSchema = z.object({
  id: z.uuid(),
  subject_id: z.string(),
  kind: z.string(),
  value: z.record(z.string(), z.unknown()),
  tier: z.int().min(1).max(4),
  valid_for_days: z.number().nullish(),
  receipt: z
    .object({ id: z.uuid(), source: z.string(), body: z.string(), fetched_at_offset_days: z.number() })
    .nullable(),
});

type Fact = z.infer<typeof factSchema>;

const DAY_MS = 86_400_000;
/** Tiers from here on demand a receipt of the source. */
const TIER_VERIFIED = 4;
const TIER_IMPORTED_MAX = 3;

/**
 * Stores the facts that the example packets name, with the receipts that they were verified by, as an adapter of a
 * source would. Facts that are there stay as they are.
 */
export async function seedTrustFacts(adapter: Database, tenantId: string): Promise<void> {
  const file = join(examplesFolder(), 'packets', 'facts.json');
  const facts = z.array(factSchema).parse(JSON.parse(readFileSync(file, 'utf8')));
  await inTenant(adapter, tenantId, async (transaction) => {
    const rows = await transaction.rows<{ id: string }>('select id from app.trust_records');
    const known = new Set(rows.map(({ id }) => id));
    for (const fact of facts) if (!known.has(fact.id)) await storeFact(transaction, fact);
  });
}

async function storeFact(transaction: Transaction, fact: Fact): Promise<void> {
  await transaction.value('select app.import_trust_record($1, $2, $3, $4, $5)', [
    fact.id,
    fact.subject_id,
    fact.kind,
    JSON.stringify(fact.value),
    Math.min(fact.tier, TIER_IMPORTED_MAX),
  ]);
  const { receipt } = fact;
  if (fact.tier < TIER_VERIFIED || receipt === null) return;
  const fetchedMs = Date.now() + receipt.fetched_at_offset_days * DAY_MS;
  const validUntil = new Date(fetchedMs + (fact.valid_for_days ?? 0) * DAY_MS).toISOString();
  await transaction.value('select app.store_receipt($1, $2, $3, $4, $5, $6)', [
    receipt.id,
    receipt.source,
    fact.subject_id,
    receipt.body,
    new Date(fetchedMs).toISOString(),
    validUntil,
  ]);
  await transaction.value('select app.verify_trust_record($1, $2, $3)', [fact.id, receipt.id, validUntil]);
}
