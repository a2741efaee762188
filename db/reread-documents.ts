import type { Database } from './pool';
import { callInTenant, inTenant } from './transaction';

/**
 * Has every document embedded once more whose vectors are of another model than the installation's.
 *
 * @returns how many there are
 */
export async function rereadDocuments(database: Database, model: string): Promise<number> {
  const tenants = await inTenant(database, null, (transaction) =>
    transaction.rows<{ tenant_id: string }>('select tenant_id from app.tenant_ids()'),
  );
  let count = 0n;
  for (const tenantId of [...tenants.map(({ tenant_id: id }) => id), '__global__'])
    count += await callInTenant<bigint>(database, tenantId, 'select app.reread_documents($1)', [model]);
  return Number(count);
}
