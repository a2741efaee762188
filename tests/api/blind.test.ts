import { setTimeout as sleep } from 'node:timers/promises';
import { ENDPOINTS, type Endpoint, type RouteName } from '../../contract/wire/endpoints';
import { ANSWERED, grant, sqlRuns, type DraftItem, type Farm, type GateRow } from '../sql/support/runs';
import { testDatabase } from '../support/database';
import { addMember, changePolicy, type Person } from '../support/world';
import { pathOf, testApi } from './support/server';

/*
 * Where a tenant asks it, a reviewer says what they think before they are shown what the model said. Until then no address
 * may tell them: neither the model's answer, nor how certain it was, nor its sources, nor what others decided.
 */

const database = testDatabase();
const runs = sqlRuns(database);
const api = testApi(() => ({ database, world: runs.world }));

const CANARY = 'crimson-heron';
const CONFIDENCE = 613;
const WORDS = { rationale: `${CANARY} of the first seat`, disposition: 'grant' };

interface Scene {
  readonly farm: Farm;
  readonly gate: GateRow;
  readonly first: Person;
  /** May read everything that anybody may, and has said nothing yet. */
  readonly second: Person;
  readonly ids: readonly string[];
}

async function scene(): Promise<Scene> {
  const farm = await runs.farm();
  const first = await addMember(database, farm.id, ['reviewer']);
  const second = await addMember(database, farm.id, ['reviewer', 'senior', 'admin', 'auditor', 'operator']);
  await changePolicy(database, farm.owner, { blind_first_protected: true });
  const gate = await drafted(farm);
  expect(await view(first, gate)).toBe(201);
  await runs.decide(first, gate, 'approve', WORDS);
  await runs.call('api', farm.id, 'comment_on_gate', gate.id, `${CANARY} in a comment`, first.userId);
  const feedback = [gate.run_id, 'up', `${CANARY} in feedback`, first.userId];
  await runs.call('api', farm.id, 'give_feedback', ...feedback);
  const rows = await database.look<{ id: string }>(
    `select id from core.contents where run_id = $1 and kind <> 'input' union select id from core.decisions where run_id = $1
     union select i.id from core.intents i join core.gates g on g.id = i.gate_id where g.run_id = $1
     union select ai_run_id from core.run_calls where run_id = $1 union select id from core.proposals where run_id = $1`,
    [gate.run_id],
  );
  return { farm, gate, first, second, ids: [gate.id, gate.run_id, ...rows.map(({ id }) => id)] };
}

/** A grant with something to find in each of its parts. */
async function drafted(farm: Farm): Promise<GateRow> {
  const runId = await runs.scrubbed(farm.hand, 'credentialing.privileging');
  const call = await runs.begin(farm.id, runId);
  await runs.finish(farm.id, call, { ...ANSWERED, output: JSON.stringify({ proposals: [], said: CANARY }) });
  const payload = { ...(JSON.parse(grant().payload) as object), privilege_code: CANARY };
  const source = { field: 'documents[0].text', quote: CANARY };
  const question = {
    question: `Grant ${CANARY}?`,
    if_approved: 'It is granted.',
    if_rejected: 'It is not.',
    missing: [CANARY],
    sources: [source],
    flags: [{ name: 'e', reason: CANARY }],
  };
  const item: DraftItem = grant({
    payload: JSON.stringify(payload),
    confidence_permille: CONFIDENCE,
    question: JSON.stringify(question),
  });
  await runs.call('worker', farm.id, 'record_evaluation', runId, call.ai_run_id, CONFIDENCE, '[]');
  const draft = { advisory: 'available', ai_run_id: call.ai_run_id, senior: false, items: [item] };
  await runs.call('worker', farm.id, 'record_draft', runId, JSON.stringify(draft));
  return (await runs.gates(farm.id, runId))[0] as GateRow;
}

const asView = (gate: GateRow, body: object = {}) => ({
  params: { id: gate.id },
  body: { opinion: 'approve' as const, disposition: 'grant' as const, note: 'Cases suffice.', ...body },
});
const view = async (by: Person, gate: GateRow, body?: object): Promise<number> =>
  (await api.ask(by, 'gates.view', asView(gate, body))).status;
const refusedView = async (by: Person, gate: GateRow, body?: object): Promise<string> =>
  (await api.refused(by, 'gates.view', asView(gate, body))).body.code;

const READS = (Object.keys(ENDPOINTS) as RouteName[]).filter((name) => {
  const { method, roles }: Endpoint = ENDPOINTS[name];
  return (method === 'GET' && roles !== 'public') || name === 'contents.read';
});

/** All that an address answers to a person, by every id that there is to ask for. */
async function told(by: Person, name: RouteName, ids: readonly string[]): Promise<string> {
  const { method, path }: Endpoint = ENDPOINTS[name];
  const others = {
    name: 'farm.record',
    vendor: 'local',
    model: 'm',
    region: 'r',
    subject_id: 's',
    key_id: by.keyId,
  };
  const texts: string[] = [];
  for (const id of path.includes('{id}') ? ids : ['']) {
    const leave = new AbortController();
    const query = name === 'events.stream' || name === 'audit.recent' ? { since: '0' } : {};
    const response = await api.raw(pathOf(name, { params: { ...others, id, user_id: by.userId }, query }), {
      method,
      signal: leave.signal,
      headers: { authorization: `Bearer ${by.token}` },
    });
    texts.push(await textOf(response, leave));
  }
  return texts.join('\n');
}

/** A body; of a stream, what it sends at first. */
async function textOf(response: Response, leave: AbortController): Promise<string> {
  if (response.headers.get('content-type') !== 'text/event-stream') return await response.text();
  const reader = response.body?.getReader();
  let text = '';
  for (let parts = 0; parts < 40; parts += 1) {
    const part = await Promise.race([reader?.read(), sleep(500, undefined)]);
    if (part === undefined || part.done) break;
    text += Buffer.from(part.value).toString();
  }
  leave.abort();
  return text;
}

describe('before a view of one’s own', () => {
  let at: Scene;
  beforeAll(async () => {
    at = await scene();
  });

  it.each(READS)('%s tells nothing of the model, nor of others', async (name) => {
    const text = await told(at.second, name, at.ids);
    expect(text).not.toContain(CANARY);
    expect(text).not.toMatch(new RegExp(`"confidence":${CONFIDENCE}`));
    expect(text).not.toMatch(/"verdict\\*": ?\\*"approve/);
    expect(text).not.toMatch(/"seats_taken":[0-9]/);
  });

  it('shows what was asked, and that something is held back', async () => {
    const { body } = await api.ask(at.second, 'gates.get', { params: { id: at.gate.id } });
    expect(body).toMatchObject({
      blind: true,
      payload: null,
      question: null,
      sources: [],
      missing: [],
      flags: [],
      confidence: null,
      seats_taken: null,
      shown_hash: null,
      decisions: [],
      comments: [],
      views: [],
      refusal: null,
      record_type: 'privilege_grant',
    });
    expect((body as { input: unknown }).input).not.toBeNull();
  });

  it('a verdict is refused by the database, whatever hash it names', async () => {
    const stored = await runs.store(at.second, at.gate, 'approve', WORDS);
    expect(stored).toMatchObject({ outcome: 'refused', code: 'view_required' });
    expect(await runs.store(at.second, at.gate, 'reject', { rationale: 'No.' })).toMatchObject({
      code: 'view_required',
    });
  });

  it('the chain verifies, with what others decided withheld', async () => {
    const { body } = await api.ask(at.second, 'audit.recent', { query: { since: '0', limit: '1000' } });
    const { events } = body as { events: { type: string; payload: string | null }[] };
    expect(events.filter(({ payload }) => payload === null).map(({ type }) => type)).toEqual([
      'decision.recorded',
    ]);
  });

  it('shows all of it to those who can’t decide there, and to whoever has said what they think', async () => {
    const auditor = await addMember(database, at.farm.id, ['auditor']);
    const content = (await runs.row('proposals', { run_id: at.gate.run_id })).payload_content_id;
    const read = await api.ask(auditor, 'contents.read', { params: { id: String(content) } });
    expect(JSON.stringify(read.body)).toContain(CANARY);
    for (const person of [at.farm.hand, at.first]) {
      const { body } = await api.ask(person, 'gates.get', { params: { id: at.gate.id } });
      expect(body).toMatchObject({ blind: false, confidence: CONFIDENCE });
      expect(JSON.stringify(body)).toContain(CANARY);
    }
  });
});

describe('a view of one’s own', () => {
  let at: Scene;
  beforeAll(async () => {
    at = await scene();
  });

  it.each<readonly [string, string, object]>([
    ['without words', 'input_invalid', { note: '…' }],
    ['without what it would grant', 'disposition_required', { disposition: undefined }],
    ['that grants while it rejects', 'disposition_not_asked', { opinion: 'reject' }],
  ])('is refused %s', async (_what, code, body) => {
    expect(await refusedView(at.second, at.gate, body)).toBe(code);
  });

  it('is asked of nobody who can’t sit there, nor at gates that ask for none', async () => {
    const asking = await addMember(database, at.farm.id, ['reviewer', 'requester']);
    const other = await runs.farm();
    const plain = (await runs.drafted(other.hand, [grant()], 'credentialing.privileging'))
      .gates[0] as GateRow;
    expect(await refusedView(other.owner, plain)).toBe('view_not_asked');
    const { gates } = await runs.drafted(asking, [grant()], 'credentialing.privileging');
    expect(await refusedView(asking, gates[0] as GateRow)).toBe('requester_holds_no_seat');
    expect(await refusedView(at.farm.hand, at.gate)).toBe('not_allowed');
  });

  it('is recorded once, shown with the decisions from then on, and binds the verdict to the whole view', async () => {
    const before = await database.as('api', at.farm.id, (transaction) =>
      transaction.value<Buffer>('select app.shown_hash($1, $2)', [at.gate.id, at.second.userId]),
    );
    expect(await view(at.second, at.gate, { note: 'Nine cases of ten.' })).toBe(201);
    expect(await refusedView(at.second, at.gate)).toBe('view_recorded');
    const { body } = await api.ask(at.second, 'gates.get', { params: { id: at.gate.id } });
    expect(body).toMatchObject({ blind: false, confidence: CONFIDENCE, seats_taken: 1 });
    const shown = body as { shown_hash: string; views: { user_id: string; note: string; opinion: string }[] };
    expect(shown.views.map(({ user_id: by, note }) => [by, note])).toEqual([
      [at.first.userId, 'Cases suffice.'],
      [at.second.userId, 'Nine cases of ten.'],
    ]);
    const shows = [
      'runs.get',
      'gates.get',
      'gates.list',
      'calls.get',
      'decisions.list',
      'decisions.get',
      'contents.read',
    ] as const;
    for (const name of shows)
      expect([name, await told(at.second, name, at.ids)]).toEqual([name, expect.stringContaining(CANARY)]);
    expect(await told(at.second, 'audit.recent', at.ids)).toMatch(/"verdict\\*": ?\\*"approve/);
    expect(await runs.store(at.second, at.gate, 'approve', { ...WORDS, shown: before })).toMatchObject({
      code: 'gate_changed',
    });
    await runs.decide(at.second, at.gate, 'approve', {
      ...WORDS,
      shown: Buffer.from(shown.shown_hash, 'hex'),
    });
    expect((await runs.gates(at.farm.id, at.gate.run_id))[0]).toMatchObject({ outcome: 'approved' });
    const decided = await api.ask(at.first, 'decisions.list', { query: { run_id: at.gate.run_id } });
    expect(decided.body.items.map(({ view: thought }) => thought?.note)).toEqual([
      'Nine cases of ten.',
      'Cases suffice.',
    ]);
  });

  it('is in the chain by its commitment alone, so that nobody learns it there', async () => {
    const rows = await database.look<{ payload: string }>(
      "select payload from core.audit_log where tenant_id = $1 and type = 'gate.viewed'",
      [at.farm.id],
    );
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toMatch(/approve|grant"|cases/i);
  });
});

it('holds nothing back of a closed gate, nor of a routine one', async () => {
  const at = await scene();
  await runs.call('api', at.farm.id, 'withdraw_run', at.gate.run_id, at.farm.hand.userId);
  const { body } = await api.ask(at.second, 'gates.get', { params: { id: at.gate.id } });
  expect(body).toMatchObject({ blind: false, confidence: CONFIDENCE });
  expect(await refusedView(at.second, at.gate)).toBe('gate_closed');
  const note = { text: CANARY, occurred_on: '2026-11-10' };
  const routine = { ...grant(), kind: 'draft', record_type: 'note', payload: JSON.stringify(note) } as const;
  const { gates } = await runs.drafted(at.farm.hand, [routine]);
  const shown = await api.ask(at.second, 'gates.get', { params: { id: (gates[0] as GateRow).id } });
  expect(shown.body).toMatchObject({ blind: false, payload: note });
});

it('is the same whoever decides in another’s place: the view is of who decides', async () => {
  const at = await scene();
  const lent = [
    at.second.userId,
    at.farm.owner.userId,
    null,
    null,
    new Date(Date.now() + 7_200_000).toISOString(),
    'Away.',
    at.second.userId,
  ];
  await runs.call('api', at.farm.id, 'create_delegation', ...lent);
  await view(at.second, at.gate);
  const words = { ...WORDS, onBehalfOf: at.second.userId };
  expect(await runs.store(at.farm.owner, at.gate, 'approve', words)).toMatchObject({ code: 'view_required' });
  await view(at.farm.owner, at.gate);
  expect(await runs.store(at.farm.owner, at.gate, 'approve', words)).toMatchObject({ outcome: 'stored' });
});
