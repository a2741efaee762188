import { ENDPOINTS, type RouteName } from '../../contract/wire/endpoints';

/** An id of the right form that names nothing. */
export const ID = '00000000-0000-7000-8000-000000000000';

const VALUES: Readonly<Record<string, string>> = {
  id: ID,
  user_id: ID,
  subject_id: 'provider-1',
  key_id: 'a'.repeat(16),
  name: 'farm.record',
  vendor: 'local',
  model: 'farm-notes-1',
  region: 'here',
};

/** Method and path of a route, with its parameters filled in. */
export function expectedAddress(name: RouteName): string {
  const { method, path } = ENDPOINTS[name];
  const filled = path.replaceAll(/\{([a-z_]+)\}/g, (_all, parameter: string) => VALUES[parameter] ?? '?');
  return `${method} ${filled}`;
}
