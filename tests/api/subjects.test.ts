import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Gate } from '../../contract/wire/gate';
import { governedRuns } from '../support/governed';
import { addMember, type Person } from '../support/world';
import { testApi } from './support/server';

const governed = governedRuns();
const api = testApi(() => ({
  database: governed.database,
  world: governed.world,
  temporal: { ...governed.temporal, taskQueue: governed.taskQueue },
}));

interface Packet {
  readonly subject: { readonly id: string };
}
const packet = JSON.parse(
  readFileSync(join(__dirname, '..', '..', 'examples', 'packets', 'complete.json'), 'utf8'),
) as Packet;

async function askAbout(by: Person, subject: object) {
  const { body } = await api.ask(by, 'runs.create', {
    body: {
      purpose: 'credentialing.privileging',
      input: { ...packet, subject: { ...packet.subject, ...subject } },
    },
    headers: { 'idempotency-key': randomUUID(), prefer: 'wait=20' },
  });
  return body;
}

async function gateFor(by: Person, runId: string): Promise<Gate> {
  const { body } = await api.ask(by, 'gates.list', { query: { run_id: runId, state: 'open' } });
  return (await api.ask(by, 'gates.get', { params: { id: body.items[0]?.id ?? '' } })).body;
}

it('lets an admin say who a subject is, after which leaving the name out names them all the same', async () => {
  const { hospital } = governed.world;
  const [about] = hospital.members;
  const silent = await askAbout(hospital.staff, {});
  expect(silent.subject_user_id).toBeNull();
  const params = { subject_id: packet.subject.id };
  const put = await api.ask(hospital.admin, 'subjects.put', { params, body: { user_id: about.userId } });
  expect(put.body).toMatchObject({ ...params, user_id: about.userId, version: 1, run_id: null });
  expect((await api.ask(hospital.admin, 'subjects.list')).body.items).toEqual([put.body]);
  expect((await askAbout(hospital.staff, {})).subject_user_id).toBe(about.userId);
  // Also of the gate that was open before anybody had said so.
  const gate = await gateFor(about, silent.id);
  expect(gate.refusal).toBe('subject_of_run');
  const refused = await api.refused(about, 'gates.decide', {
    params: { id: gate.id },
    body: {
      verdict: 'approve',
      disposition: 'grant',
      rationale: 'Mine.',
      gate_version: gate.version,
      proposal_hash: gate.proposal_hash,
      shown_hash: gate.shown_hash ?? '',
    },
  });
  expect(refused).toMatchObject({ status: 403, body: { code: 'subject_of_run' } });
});

it('refuses a run that names another member, a member of nobody’s, and whoever is no admin', async () => {
  const { hospital, farm } = governed.world;
  const params = { subject_id: packet.subject.id };
  const other = await api.refused(hospital.staff, 'runs.create', {
    body: {
      purpose: 'credentialing.privileging',
      input: { ...packet, subject: { ...packet.subject, user_id: hospital.members[2].userId } },
    },
    headers: { 'idempotency-key': randomUUID() },
  });
  expect(other).toMatchObject({ status: 422, body: { code: 'subject_differs' } });
  const stranger = { params, body: { user_id: farm.owner.userId } };
  expect((await api.refused(hospital.admin, 'subjects.put', stranger)).body.code).toBe('subject_unknown');
  expect((await api.refused(hospital.staff, 'subjects.put', stranger)).status).toBe(403);
  const self = await addMember(governed.database, hospital.id, ['admin', 'reviewer']);
  const mine = { params: { subject_id: 'self' }, body: { user_id: self.userId } };
  await api.ask(self, 'subjects.put', mine);
  const off = await api.refused(self, 'subjects.put', { ...mine, body: { user_id: null } });
  expect(off).toMatchObject({ status: 403, body: { code: 'subject_is_you' } });
});
