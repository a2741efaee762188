import { testDatabase } from '../support/database';
import { createHash } from 'node:crypto';
import { addMember } from '../support/world';
import { sqlRuns } from './support/runs';

const database = testDatabase();
const runs = sqlRuns(database);

it('shows one content with the salt that its commitment is checked by, and records who read it', async () => {
  const { hospital, farm } = runs.world;
  const runId = await runs.accept(hospital.staff, 'credentialing.privileging');
  const run = await runs.row('runs', { id: runId });
  const stranger = await addMember(database, farm.id, ['auditor']);
  const read = (tenantId: string, role: 'auditor' | 'api' = 'auditor', by = hospital.auditor) =>
    runs.call(role, tenantId, 'read_content', run.input_content_id, by.userId);
  const shown = await read(hospital.id);
  expect(shown).toMatchObject({ outcome: 'read', kind: 'input', text: '{"subject": {"id": "provider-1"}}' });
  const commitment = createHash('sha256')
    .update(Buffer.from(String(shown.salt), 'hex'))
    .update(String(shown.text))
    .digest('hex');
  expect(shown.commitment).toBe(commitment);
  expect(await runs.events(runId)).toContain('content.read');
  expect(await read(farm.id, 'api', stranger)).toEqual({ outcome: 'refused', code: 'content_not_found' });
});
