import { Client, escapeIdentifier, escapeLiteral } from 'pg';

/** Exact search among as many vectors takes a few tens of milliseconds. */
const VECTORS_MIN = 10_000;

interface LargeTenant {
  readonly tenant_id: string;
  readonly model: string;
  readonly index_name: string;
}

/**
 * Gives each tenant that has very many passages an HNSW index of its own, beside the writes of others. One index for all
 * tenants would hide the few passages of one behind the many nearer ones of another.
 *
 * @param url the migrator's login, or a superuser's
 * @returns the tenants that got one
 */
export async function indexLargeTenants(
  url: string,
  vectorsMin: number = VECTORS_MIN,
): Promise<readonly string[]> {
  const client = new Client({
    connectionString: url,
    options: '-c timezone=UTC',
    application_name: 'countersign-index',
  });
  await client.connect();
  try {
    await client.query('set role countersign_owner');
    const large = await client.query<LargeTenant>('select * from app.large_tenants($1)', [vectorsMin]);
    for (const { tenant_id: tenantId, model, index_name: name } of large.rows) {
      // One that a killed build left invalid is in the way of the next.
      await client.query(`drop index concurrently if exists core.${escapeIdentifier(name)}`);
      await client.query(
        `create index concurrently ${escapeIdentifier(name)} on core.embeddings
         using hnsw (embedding vector_cosine_ops) with (m = 16, ef_construction = 64)
         where tenant_id = ${escapeLiteral(tenantId)} and model = ${escapeLiteral(model)}`,
      );
    }
    return large.rows.map(({ tenant_id: tenantId }) => tenantId);
  } finally {
    await client.end();
  }
}
