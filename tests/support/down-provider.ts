import { createProviders } from '../../activities/gateway/create-providers';
import { ProviderError, type Provider } from '../../contract/model';

/** The local provider, as one that is down: each call is refused at once and none is billed. */
export function downProvider(): Provider {
  const local = createProviders().get('local');
  if (local === undefined) throw new Error('no local provider');
  return { ...local, complete: () => Promise.reject(new ProviderError('model_refused', 'fail', false)) };
}
