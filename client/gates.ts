import type { RouteName } from '../contract/wire/endpoints';
import type { Transport } from './transport';
import type { Answer, Body, Query } from './types';
import { verdictsOver } from './verdicts';

/** Gates: lists of them, leases, questions to whoever asked, comments and verdicts. */
export function gatesOver(transport: Transport) {
  const at =
    <Name extends RouteName>(name: Name) =>
    (id: string): Promise<Answer<Name>> =>
      transport.send<Answer<Name>>(name, { path: { id } });
  const post =
    <Name extends RouteName>(name: Name) =>
    (id: string, body: Body<Name>): Promise<Answer<Name>> =>
      transport.send<Answer<Name>>(name, { path: { id }, body });
  const lease =
    <Name extends 'gates.claim' | 'gates.renew'>(name: Name) =>
    (id: string, seconds?: number): Promise<Answer<Name>> =>
      transport.send<Answer<Name>>(name, {
        path: { id },
        ...(seconds === undefined ? {} : { body: { seconds } }),
      });
  return {
    list: (query: Query<'gates.list'> = {}) =>
      transport.send<Answer<'gates.list'>>('gates.list', { query: query }),
    get: at('gates.get'),
    claim: lease('gates.claim'),
    /** A heartbeat: refused once the gate is not yours any more, with whose it is. */
    renew: lease('gates.renew'),
    steal: post('gates.steal'),
    reassign: post('gates.reassign'),
    release: at('gates.release'),
    ...verdictsOver(transport),
    ask: (id: string, text: string) => post('gates.ask')(id, { text }),
    answer: (id: string, questionId: string, text: string) =>
      post('gates.answer')(id, { question_id: questionId, text }),
    comment: (id: string, text: string) => post('gates.comment')(id, { text }),
    recuse: at('gates.recuse'),
    /** Says what you think, before you are shown what the model said. */
    view: post('gates.view'),
  };
}

/** One verdict on many routine gates, each bound to as it was shown; the same key is the same verdicts. */
export function decideTogether(transport: Transport) {
  return (
    body: Body<'decisions.create'>,
    idempotencyKey: string = crypto.randomUUID(),
  ): Promise<Answer<'decisions.create'>> =>
    transport.send('decisions.create', { body, headers: { 'Idempotency-Key': idempotencyKey } });
}
