import { randomBytes } from 'node:crypto';
import type { Draw } from '../../contract/wire/decision';
import type { Transaction } from '../../db/transaction';
import { SELECT_DECISIONS, type DecisionRow } from './decisions';
import type { Condition } from './keyset';

interface Drawn {
  readonly size: bigint;
  readonly sha256: string;
  readonly ids: readonly string[];
}

/**
 * Draws decisions by a seed, so that nobody picks them by hand and anybody can draw them again: what was drawn from is
 * told by its size and by a hash over all its ids, and the order is a hash of seed and id. In one statement, so that
 * population and sample are of one moment.
 */
export async function drawDecisions(
  transaction: Transaction,
  conditions: readonly Condition[],
  { sample, seed = randomBytes(16).toString('hex'), to }: DrawQuery,
): Promise<{ rows: DecisionRow[]; draw: Draw }> {
  const until = to ?? (await transaction.value<string>('select app.utc(app.now())'));
  const chosen = [...conditions, { text: 'decided_at < $::timestamptz', value: until }].filter(
    ({ value }) => value !== undefined,
  );
  const where = chosen.map(({ text }, index) => text.replace('$', `$${index + 3}`)).join(' and ');
  const [drawn] = await transaction.rows<Drawn>(
    `with population as materialized (select id from app.decisions where ${where}),
       drawn as (
         select id, row_number() over (order by sha256(convert_to($1 || ' ' || id::text, 'UTF8')), id) as place from population
         order by place limit $2)
     select count(*) as size, encode(sha256(convert_to(coalesce(string_agg(id::text, E'\\n' order by id), ''), 'UTF8')), 'hex') as sha256,
       coalesce((select array_agg(id order by place) from drawn), '{}') as ids
     from population`,
    [seed, sample, ...chosen.map(({ value }) => value)],
  );
  if (drawn === undefined) throw new Error('a count returned no row');
  const found = await transaction.rows<DecisionRow>(`${SELECT_DECISIONS} where id = any ($1::uuid[])`, [
    drawn.ids,
  ]);
  const byId = new Map(found.map((row) => [row.id, row]));
  return {
    rows: drawn.ids.flatMap((id) => byId.get(id) ?? []),
    draw: { seed, sample, population: drawn.size.toString(), population_sha256: drawn.sha256, to: until },
  };
}

interface DrawQuery {
  readonly sample: number;
  readonly seed?: string | undefined;
  readonly to?: string | undefined;
}
