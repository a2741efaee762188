import { createHash } from 'node:crypto';
import { PROTECTED_CLASSES } from '../../contract/states';
import type { Decision } from '../../contract/wire/decision';
import type { RouteAnswer } from '../../contract/wire/routes';
import { note, sale, sqlRuns, type Farm, type GateRow } from '../sql/support/runs';
import { testDatabase } from '../support/database';
import { addMember, changePolicy, type Person } from '../support/world';
import { testApi, type Sent } from './support/server';

const database = testDatabase();
const runs = sqlRuns(database);
const api = testApi(() => ({ database, world: runs.world }));

type DecisionPage = RouteAnswer<'decisions.list'>;
type Filter = Readonly<Record<string, string>>;

let farm: Farm;
let auditor: Person;

beforeAll(async () => {
  farm = await runs.farm();
  auditor = await addMember(database, farm.id, ['auditor']);
  const { gates } = await runs.drafted(
    farm.hand,
    Array.from({ length: 12 }, (_, at) => (at % 3 === 0 ? note() : sale())),
  );
  for (const [at, gate] of gates.entries())
    await runs.decide(farm.owner, gate, at % 2 === 0 ? 'approve' : 'reject');
}, 120_000);

async function pageOf(query: NonNullable<Sent['query']>): Promise<DecisionPage> {
  return (await api.ask(auditor, 'decisions.list', { query })).body;
}

/** Every decision, by pages of a size that does not divide their number. */
async function every(query: NonNullable<Sent['query']>): Promise<Decision[]> {
  const all: Decision[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const page = { ...query, limit: 5, ...(cursor === '' ? {} : { cursor }) };
    const body = await pageOf(page);
    expect(body.draw).toBeNull();
    all.push(...body.items);
    cursor = body.next_cursor;
  }
  return all;
}

const hash = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/** The draw as its documentation says it, from the ids alone. */
function drawnByHand(ids: readonly string[], seed: string, size: number): string[] {
  return ids
    .map((id) => ({ id, place: hash(`${seed} ${id}`) }))
    .sort((a, b) => (a.place < b.place ? -1 : 1))
    .slice(0, size)
    .map(({ id }) => id);
}

describe("an auditor's draw", () => {
  it.each<[string, Filter | (() => Filter)]>([
    ['of all', {}],
    ['of a class', { class: 'financial' }],
    ['of a person', () => ({ actor: farm.owner.userId })],
    ['of nothing', { class: 'clinical' }],
  ])('%s is what anybody computes from seed and population', async (_what, filter) => {
    const query = typeof filter === 'function' ? filter() : filter;
    const { body } = await api.ask(auditor, 'decisions.list', {
      query: { ...query, sample: 5, seed: 'Frühjahr 7' },
    });
    // As it was then: what is decided meanwhile is not of the population.
    const population = await every({ ...query, to: body.draw?.to ?? '' });
    const ids = population.map(({ id }) => id).sort();
    expect(body.draw).toEqual({
      seed: 'Frühjahr 7',
      sample: 5,
      population: String(ids.length),
      population_sha256: hash(ids.join('\n')),
      to: body.draw?.to,
    });
    expect(body.items.map(({ id }) => id)).toEqual(drawnByHand(ids, 'Frühjahr 7', 5));
    expect(body.next_cursor).toBeNull();
    expect(new Set(population.map(({ id }) => id)).size).toBe(population.length);
  });

  it('is another one by another seed, and the same one later by the time that it tells', async () => {
    const first = await api.ask(auditor, 'decisions.list', { query: { sample: 6, seed: 'a' } });
    const other = await api.ask(auditor, 'decisions.list', { query: { sample: 6, seed: 'b' } });
    expect(other.body.items).not.toEqual(first.body.items);
    const { gates } = await runs.drafted(farm.hand, [sale()]);
    await runs.decide(farm.owner, gates[0] as GateRow, 'approve');
    const to = first.body.draw?.to ?? '';
    const again = await api.ask(auditor, 'decisions.list', { query: { sample: 6, seed: 'a', to } });
    expect(again.body).toEqual(first.body);
  });

  it('makes a seed where none is given, and tells it', async () => {
    const { body } = await api.ask(auditor, 'decisions.list', { query: { sample: 4 } });
    const { seed = '', to = '' } = body.draw ?? {};
    expect(seed).toMatch(/^[0-9a-f]{32}$/);
    const again = await api.ask(auditor, 'decisions.list', { query: { sample: 4, seed, to } });
    expect(again.body).toEqual(body);
  });
});

describe('the class of a decision', () => {
  it('is of what it wrote, where the gate asked about another type', async () => {
    const manual = sale({ kind: 'manual', payload: '{}', confidence_permille: null });
    const { gates } = await runs.drafted(farm.hand, [manual]);
    const edits = JSON.parse(note().payload) as object;
    const { decision_id: id } = await runs.decide(farm.owner, gates[0] as GateRow, 'approve', {
      recordType: 'note',
      edits,
    });
    const { body } = await api.ask(auditor, 'decisions.get', { params: { id: String(id) } });
    expect(body).toMatchObject({ record_type: 'note', class: 'routine' });
    const ofClass = async (name: string): Promise<string[]> =>
      (await every({ class: name })).map((one) => one.id);
    expect(await ofClass('routine')).toContain(id);
    for (const name of PROTECTED_CLASSES) expect(await ofClass(name)).not.toContain(id);
  });

  it('comes with the authority of what the system did by itself', async () => {
    await changePolicy(database, farm.owner, { autonomy_tier: 'auto', auto_categories: ['note'] });
    const { runId } = await runs.drafted(farm.hand, [note()]);
    const { body } = await api.ask(auditor, 'decisions.list', { query: { run_id: runId } });
    expect(body.items).toMatchObject([
      {
        actor_kind: 'system',
        verdict: 'approve',
        class: 'routine',
        actor_user_id: farm.owner.userId,
        authority_policy_version: 2,
        intent_id: null,
        key_id: null,
      },
    ]);
  });
});
