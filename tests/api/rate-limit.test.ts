import { mintKey } from '../../contract/api-key';
import { testDatabase } from '../support/database';
import { buildWorld, type World } from '../support/world';
import { testApi } from './support/server';

const database = testDatabase();
let world: World;
const api = testApi(async () => {
  world = await buildWorld(database);
  return { database, world, limits: { requestsMax: 5, failuresMax: 3, windowSeconds: 60 } };
});

it('limits each key by itself and says when to come back', async () => {
  const { owner, hand } = world.farm;
  for (let count = 0; count < 5; count += 1) expect((await api.ask(owner, 'me.get')).status).toBe(200);
  const refused = await api.refused(owner, 'me.get');
  expect(refused).toMatchObject({ status: 429, body: { code: 'rate_limited', retryable: true } });
  const seconds = Number(refused.headers.get('retry-after'));
  expect(seconds).toBeGreaterThan(0);
  expect(seconds).toBeLessThanOrEqual(60);
  expect((await api.ask(hand, 'me.get')).headers.get('ratelimit')).toMatch(/^"key";r=4;/);
});

it('stops whoever guesses keys', async () => {
  const guess = async (): Promise<number> => {
    const response = await api.raw('/v1/me', { headers: { authorization: `Bearer ${mintKey().token}` } });
    await response.arrayBuffer();
    return response.status;
  };
  expect([await guess(), await guess(), await guess(), await guess()]).toEqual([401, 401, 401, 429]);
});
