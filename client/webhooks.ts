import type { RouteName } from '../contract/wire/endpoints';
import type { Transport } from './transport';
import type { Answer, Body, Query } from './types';

/** Webhooks: programs that are told of what happens, and what became of telling them. */
export function webhooksOver(transport: Transport) {
  const at =
    <Name extends RouteName>(name: Name) =>
    (id: string): Promise<Answer<Name>> =>
      transport.send<Answer<Name>>(name, { path: { id } });
  const post =
    <Name extends RouteName>(name: Name) =>
    (id: string, body: Body<Name>): Promise<Answer<Name>> =>
      transport.send<Answer<Name>>(name, { path: { id }, body });
  return {
    /** What webhooks can be told of. */
    types: () => transport.send<Answer<'webhooks.types'>>('webhooks.types'),
    list: (query: Query<'webhooks.list'> = {}) =>
      transport.send<Answer<'webhooks.list'>>('webhooks.list', { query }),
    get: at('webhooks.get'),
    /** Adds one; its secret is in this answer and nowhere else. */
    create: (body: Body<'webhooks.create'>) =>
      transport.send<Answer<'webhooks.create'>>('webhooks.create', { body }),
    change: post('webhooks.change'),
    delete: at('webhooks.delete'),
    /** The next secret, in this answer and nowhere else; the one before signs beside it for a while. */
    rotate: (id: string, body: Body<'webhooks.rotate'> = {}) => post('webhooks.rotate')(id, body),
    ping: at('webhooks.ping'),
    deliveries: (id: string, query: Query<'webhooks.deliveries'> = {}) =>
      transport.send<Answer<'webhooks.deliveries'>>('webhooks.deliveries', { path: { id }, query }),
    /** Sends messages again, each under the id that it had. */
    replay: post('webhooks.replay'),
  };
}
