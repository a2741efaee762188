import { randomUUID } from 'node:crypto';
import { testDatabase } from '../support/database';
import { addMember, addTenant, buildWorld, type Person, type World } from '../support/world';
import { testApi } from './support/server';

/* No Temporal listens here: what is accepted stands all the same, because a sweep starts it. */
const database = testDatabase();
let world: World;
const api = testApi(async () => {
  world = await buildWorld(database);
  return { database, world };
});

const note = { note: '12 broilers died in House 3', occurred_at: '2026-11-24T08:00:00Z' };
const start = (
  key: string,
  body: { purpose: string; input: Record<string, unknown> } = { purpose: 'farm.record', input: note },
) => ({
  body,
  headers: { 'idempotency-key': key },
});

describe('POST /v1/runs', () => {
  it('stores the run before it answers 202, and leaves the start to the sweep when Temporal is down', async () => {
    const { status, body, headers } = await api.ask(world.farm.hand, 'runs.create', start(randomUUID()));
    expect(status).toBe(202);
    expect(body).toMatchObject({
      purpose: 'farm.record',
      state: 'accepted',
      step: 'reserve',
      outcome: null,
      input: note,
    });
    expect(headers.get('location')).toBe(`/v1/runs/${body.id}`);
    const due = await database.look('select from core.worklist where kind = $1 and ref_id = $2', [
      'run',
      body.id,
    ]);
    expect(due).toHaveLength(1);
  });

  it('answers a repeated key with the run that is there, and refuses it for another request', async () => {
    const key = randomUUID();
    const first = await api.ask(world.farm.hand, 'runs.create', start(key));
    const reordered = { input: { occurred_at: note.occurred_at, note: note.note }, purpose: 'farm.record' };
    const second = await api.ask(world.farm.hand, 'runs.create', start(key, reordered));
    expect(second.body.id).toBe(first.body.id);
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    const other = await api.refused(
      world.farm.hand,
      'runs.create',
      start(key, { purpose: 'farm.record', input: { ...note, note: '13 died' } }),
    );
    expect(other).toMatchObject({ status: 422, body: { code: 'key_reused' } });
  });

  it('takes the same text under two keys as two runs, and one key twice at once as one', async () => {
    const key = randomUUID();
    const [one, two, three] = await Promise.all([
      api.ask(world.farm.hand, 'runs.create', start(key)),
      api.ask(world.farm.hand, 'runs.create', start(key)),
      api.ask(world.farm.hand, 'runs.create', start(randomUUID())),
    ]);
    expect(one.body.id).toBe(two.body.id);
    expect(three.body.id).not.toBe(one.body.id);
  });

  it('wants a key, a known purpose and an input of its shape', async () => {
    const without = await api.refused(world.farm.hand, 'runs.create', { body: start('x').body });
    expect(without.body.code).toBe('idempotency_key_missing');
    const unknown = await api.refused(
      world.farm.hand,
      'runs.create',
      start(randomUUID(), { purpose: 'farm.nothing', input: {} }),
    );
    expect(unknown).toMatchObject({ status: 404, body: { code: 'purpose_unknown' } });
    const wrong = await api.refused(
      world.farm.hand,
      'runs.create',
      start(randomUUID(), { purpose: 'farm.record', input: { note: 7 } }),
    );
    expect(wrong).toMatchObject({ status: 400, body: { code: 'input_invalid' } });
    expect(wrong.body.errors?.map(({ pointer }) => pointer)).toEqual(['/input/note', '/input/occurred_at']);
  });

  it('binds the person whom the run is about, if that is a member', async () => {
    const { hospital } = world;
    const subject = hospital.members[0];
    const purpose = world.registry.latestPurpose('credentialing.privileging');
    const example = purpose?.example as { subject: Record<string, unknown> };
    const about = (userId: string) => ({
      purpose: 'credentialing.privileging',
      input: { ...example, subject: { ...example.subject, user_id: userId } },
    });
    const member = await api.ask(hospital.staff, 'runs.create', start(randomUUID(), about(subject.userId)));
    expect(member.body.subject_user_id).toBe(subject.userId);
    for (const nobody of [world.farm.owner.userId, 'dr-nobody', randomUUID()]) {
      const stranger = await api.refused(hospital.staff, 'runs.create', start(randomUUID(), about(nobody)));
      expect(stranger).toMatchObject({ status: 422, body: { code: 'subject_unknown' } });
    }
  });

  it('returns after the time that Prefer names, with what there is', async () => {
    const began = performance.now();
    const { status, headers } = await api.ask(world.farm.hand, 'runs.create', {
      ...start(randomUUID()),
      headers: { 'idempotency-key': randomUUID(), prefer: 'respond-async, wait=1' },
    });
    expect(status).toBe(202);
    expect(headers.get('preference-applied')).toBe('wait=1');
    expect(performance.now() - began).toBeGreaterThan(950);
  });
});

describe('reading runs', () => {
  it('shows a requester their own runs and nobody else’s, and hides content from auditors', async () => {
    const { hospital, farm } = world;
    const other = await addMember(database, farm.id, ['requester']);
    const { body: run } = await api.ask(farm.hand, 'runs.create', start(randomUUID()));
    expect((await api.ask(farm.owner, 'runs.get', { params: { id: run.id } })).body.input).toEqual(note);
    expect((await api.refused(other, 'runs.get', { params: { id: run.id } })).body.code).toBe(
      'run_not_found',
    );
    expect((await api.ask(other, 'runs.list')).body.items).toEqual([]);
    const auditor = await addMember(database, farm.id, ['auditor']);
    expect((await api.ask(auditor, 'runs.get', { params: { id: run.id } })).body.input).toBeNull();
    expect((await api.refused(hospital.admin, 'runs.get', { params: { id: run.id } })).status).toBe(404);
  });

  it('pages by an opaque cursor, without gaps or repeats while runs are added', async () => {
    const tenant = await addTenant(database, world.platformAdmin, 'farm', {
      currency: 'NGN',
      timeZone: 'Africa/Lagos',
      places: [],
    });
    const person = await addMember(database, tenant, ['admin']);
    const ids: string[] = [];
    const add = async (): Promise<void> => {
      ids.push((await api.ask(person, 'runs.create', start(randomUUID()))).body.id);
    };
    for (let count = 0; count < 5; count += 1) await add();
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: { items: { id: string }[]; next_cursor: string | null } = (
        await api.ask(person, 'runs.list', { query: { limit: 2, ...(cursor === null ? {} : { cursor }) } })
      ).body;
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.next_cursor;
      if (seen.length === 2) await add();
    } while (cursor !== null);
    expect(seen).toEqual(ids.slice(0, 5).reverse());
  });

  it('refuses a cursor that is not of this list', async () => {
    const { owner } = world.farm;
    for (const cursor of [
      'nonsense',
      Buffer.from('["gates","2026-01-01T00:00:00Z","x"]').toString('base64url'),
      Buffer.from('["runs","x","y"]').toString('base64url'),
    ]) {
      expect((await api.refused(owner, 'runs.list', { query: { cursor } })).body.code).toBe('cursor_invalid');
    }
    expect((await api.refused(owner, 'runs.list', { query: { limit: 0 } })).body.code).toBe('input_invalid');
    expect((await api.refused(owner, 'runs.list', { query: { offset: 3 } })).body.code).toBe('input_invalid');
  });
});

describe('acts on a run', () => {
  it('is withdrawn by who asked, once and again, and by nobody else but an admin', async () => {
    const { farm } = world;
    const other = await addMember(database, farm.id, ['reviewer']);
    const { body: run } = await api.ask(farm.hand, 'runs.create', start(randomUUID()));
    const params = { id: run.id };
    expect((await api.refused(other, 'runs.withdraw', { params })).body.code).toBe('not_allowed');
    expect((await api.ask(farm.hand, 'runs.withdraw', { params })).body).toEqual({
      run_id: run.id,
      outcome: 'withdrawn',
    });
    expect((await api.ask(farm.owner, 'runs.withdraw', { params })).body.outcome).toBe('withdrawn');
    expect((await api.ask(farm.hand, 'runs.get', { params })).body.withdrawn_at).not.toBeNull();
  });

  it('keeps the input of a refused run and sends it again as a new one', async () => {
    const tenant = await addTenant(
      database,
      world.platformAdmin,
      'farm',
      { currency: 'NGN', timeZone: 'Africa/Lagos', places: [] },
      0n,
    );
    const person = await addMember(database, tenant, ['admin']);
    const { body: run } = await api.ask(person, 'runs.create', start(randomUUID()));
    const resend = { params: { id: run.id }, headers: { 'idempotency-key': randomUUID() } };
    expect((await api.refused(person, 'runs.resend', resend)).body.code).toBe('not_resendable');
    await database.as('worker', tenant, (transaction) =>
      transaction.value('select app.reserve($1)', [run.id]),
    );
    const refused = await api.ask(person, 'runs.get', { params: { id: run.id } });
    expect(refused.body).toMatchObject({ outcome: 'refused', code: 'credits_exhausted', input: note });

    const again = await api.ask(person, 'runs.resend', resend);
    expect(again.status).toBe(202);
    expect(again.body).toMatchObject({ state: 'accepted', input: note });
    expect(again.body.id).not.toBe(run.id);
    expect((await api.ask(person, 'runs.resend', resend)).body.id).toBe(again.body.id);
    const pages = (await api.ask(person, 'pages.list', { query: { open: 'true' } })).body.items;
    expect(pages).toMatchObject([{ code: 'credits_exhausted', run_id: run.id, count: '1' }]);
    const [page] = pages;
    expect((await api.ask(person, 'pages.acknowledge', { params: { id: page?.id ?? '' } })).status).toBe(204);
    expect(
      (await api.refused(person, 'pages.acknowledge', { params: { id: page?.id ?? '' } })).body.code,
    ).toBe('page_not_found');
  });

  it('answers a waiting caller with the refusal', async () => {
    const tenant = await addTenant(
      database,
      world.platformAdmin,
      'farm',
      { currency: 'NGN', timeZone: 'Africa/Lagos', places: [] },
      0n,
    );
    const person = await addMember(database, tenant, ['admin']);
    const key = randomUUID();
    const { body: run } = await api.ask(person, 'runs.create', start(key));
    await database.as('worker', tenant, (transaction) =>
      transaction.value('select app.reserve($1)', [run.id]),
    );
    const waited = await api.refused(person, 'runs.create', {
      ...start(key),
      headers: { 'idempotency-key': key, prefer: 'wait=5' },
    });
    expect(waited).toMatchObject({ status: 402, body: { code: 'credits_exhausted', run_id: run.id } });
  });

  it('takes feedback', async () => {
    const { farm } = world;
    const { body: run } = await api.ask(farm.hand, 'runs.create', start(randomUUID()));
    const sent = { params: { id: run.id }, body: { thumb: 'up' as const, comment: 'Read right.' } };
    expect((await api.ask(farm.hand, 'runs.feedback', sent)).status).toBe(204);
    await api.ask(farm.owner, 'runs.feedback', { params: { id: run.id }, body: { thumb: 'down' } });
    const feedback = [
      {
        user_id: farm.hand.userId,
        thumb: 'up',
        comment: 'Read right.',
        content_id: expect.any(String) as string,
      },
      { user_id: farm.owner.userId, thumb: 'down', comment: null, content_id: null },
    ];
    const seen = async (by: Person) =>
      (await api.ask(by, 'runs.get', { params: { id: run.id } })).body.feedback;
    expect(await seen(farm.owner)).toMatchObject(feedback);
    expect(await seen(farm.hand)).toMatchObject(feedback);
    const { body } = await api.ask(farm.owner, 'runs.list');
    expect(body.items.find(({ id }) => id === run.id)).toMatchObject({ feedback: [] });
  });

  it('shows an operator the thumbs, and no words', async () => {
    const { farm } = world;
    const operator = await addMember(database, farm.id, ['operator']);
    const { body: run } = await api.ask(farm.hand, 'runs.create', start(randomUUID()));
    const sent = { params: { id: run.id }, body: { thumb: 'up' as const, comment: 'Read right.' } };
    await api.ask(farm.hand, 'runs.feedback', sent);
    const { body } = await api.ask(operator, 'runs.get', { params: { id: run.id } });
    expect(body).toMatchObject({ input: null, feedback: [{ thumb: 'up', comment: null }] });
  });
});
