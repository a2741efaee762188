import { DatabaseError } from 'pg';
import type { Writable } from 'node:stream';
import type { Database, PoolClient } from './pool';

/** A slug, or one of the two tenants that the platform owns. Checked before it is written into a statement. */
const TENANT_ID = /^(?:[a-z][a-z0-9-]{1,62}|__platform__|__global__)$/;

/** What a key proves its holder by, to the database: the public id and the SHA-256 of the secret, never the secret. */
export interface KeyProof {
  readonly keyId: string;
  readonly secretSha256: Buffer;
}

const KEY_ID = /^[a-z0-9]{16}$/;

/** One statement of a transaction. The only way to reach the database: its own connection and nothing else. */
export interface Transaction {
  /** Rows of a query with positional parameters. */
  rows<Row extends object>(text: string, parameters?: readonly unknown[]): Promise<Row[]>;
  /** The value of the first column of the only row, e.g. of `select app.reserve($1)`. */
  value<Value>(text: string, parameters?: readonly unknown[]): Promise<Value>;
}

/**
 * Runs work in one transaction of one tenant, in the database role of the pool. Every statement of the product goes
 * through here or `callInTenant`: an embedded Postgres shares one session among all clients, so nothing may be set for
 * longer than a transaction, and nothing may be awaited in it but its own connection.
 * @param tenantId the tenant to enter; null before one is known, which sees no tenant's rows
 * @param proof the key of whoever acts; functions that act for a person refuse a transaction without it
 * @throws pg's DatabaseError; the transaction is rolled back and a broken connection is discarded
 */
export async function inTenant<Result>(
  database: Database,
  tenantId: string | null,
  work: (transaction: Transaction) => Promise<Result>,
  proof?: KeyProof,
): Promise<Result> {
  const entrance = entranceOf(database, tenantId, proof);
  return await alarming(database, tenantId, async (client) => {
    const entered = client.query(entrance);
    entered.catch(ignore);
    // Work's first statement goes out behind the entrance, and fails without it; then the entrance says why.
    const result = await work(transactionOn(client)).finally(() => entered);
    await commit(client);
    return result;
  });
}

/**
 * One statement in a transaction of its own, e.g. `select app.reserve($1)`, and the value of the first column of its only
 * row. Entrance, statement and commit go out together, in one round trip: three for each step of a run were a large part
 * of what governing it costs.
 * @throws pg's DatabaseError of the statement or of the commit, upon which nothing is written
 */
export async function callInTenant<Value>(
  database: Database,
  tenantId: string | null,
  text: string,
  parameters: readonly unknown[] = [],
): Promise<Value> {
  const entrance = entranceOf(database, tenantId, undefined);
  return await alarming(database, tenantId, async (client) => {
    const [, value] = await inOneWrite(client, () =>
      Promise.all([
        client.query(entrance),
        transactionOn(client).value<Value>(text, parameters),
        // After an error of what goes before, a commit rolls back.
        commit(client),
      ]),
    );
    return value;
  });
}

/** Raised where a content is read that is not what was hashed; its detail is the content's id. */
const CONTENT_ALTERED = 'ZC014';

/**
 * What has been altered is not shown: reading it fails, and its transaction is rolled back. So that somebody hears of it, it
 * is noted in a transaction of its own; the database looks for itself whether it is so.
 */
async function alarming<Result>(
  database: Database,
  tenantId: string | null,
  work: (client: PoolClient) => Promise<Result>,
): Promise<Result> {
  try {
    return await onConnection(database, work);
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.code !== CONTENT_ALTERED) throw error;
    const { detail } = error;
    await onConnection(database, async (client) => {
      await client.query(entranceOf(database, tenantId, undefined));
      await client.query('select app.note_altered($1)', [detail]);
      await commit(client);
    });
    throw error;
  }
}

/** Enters role and tenant. When that fails, the transaction is open all the same and refuses every statement. */
function entranceOf(database: Database, tenantId: string | null, proof: KeyProof | undefined): string {
  if (tenantId !== null && !TENANT_ID.test(tenantId)) {
    throw new Error('malformed tenant id');
  }
  if (proof !== undefined && !KEY_ID.test(proof.keyId)) {
    throw new Error('malformed key id');
  }
  const presented = proof === undefined ? '' : `${proof.keyId} ${proof.secretSha256.toString('hex')}`;
  return `begin; set local role countersign_${database.role}; set local app.tenant = '${tenantId ?? ''}'; set local app.key_proof = '${presented}'`;
}

/**
 * Lets what `send` gives the connection leave as one write, in place of one for each message, each of which would wake the
 * server. The driver corks its socket in the same way for the messages of one statement; where it has none, each leaves alone.
 */
function inOneWrite<Result>(client: PoolClient, send: () => Result): Result {
  const { stream } = (client as { connection?: { stream?: Partial<Writable> } }).connection ?? {};
  stream?.cork?.();
  try {
    return send();
  } finally {
    stream?.uncork?.();
  }
}

/** @throws Error when an error that nobody threw on has made the commit a rollback */
async function commit(client: PoolClient): Promise<void> {
  const { command } = await client.query('commit');
  if (command !== 'COMMIT') throw new Error('the transaction was rolled back');
}

async function onConnection<Result>(
  database: Database,
  work: (client: PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await database.pool.connect();
  // A connection that the server ends tells its statement so; unheard, the same event would end the whole process.
  client.on('error', ignore);
  let broken: Error | undefined;
  try {
    return await work(client);
  } catch (error) {
    broken = await rollBack(client);
    throw error;
  } finally {
    client.off('error', ignore);
    client.release(broken);
  }
}

function ignore(): void {
  // The statement that fails, or the next one, throws.
}

function transactionOn(client: PoolClient): Transaction {
  return {
    async rows<Row extends object>(text: string, parameters: readonly unknown[] = []) {
      const result = await client.query<Row>(text, [...parameters]);
      return result.rows;
    },
    async value<Value>(text: string, parameters: readonly unknown[] = []) {
      const result = await client.query<[Value]>({ text, values: [...parameters], rowMode: 'array' });
      const row = result.rows[0];
      if (!row) throw new Error('a query for one value returned no row');
      return row[0];
    },
  };
}

/** Returns the error that makes the connection unusable, if rolling back fails. */
async function rollBack(client: PoolClient): Promise<Error | undefined> {
  try {
    await client.query('rollback');
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error('rollback failed');
  }
}
