import type { Verdict } from '../contract/states';
import type { Transport } from './transport';
import type { Answer, Shown, Words } from './types';

type Decide = Answer<'gates.decide'>;

/**
 * Verdicts. Each binds to the gate as it was read: whatever has changed since is a conflict that says so. A gate of a list
 * is no whole view; then the view is read here, and must still be of the version and proposal that the caller has.
 */
export function verdictsOver(transport: Transport) {
  async function decide(gate: Shown, verdict: Verdict, words: Words = {}): Promise<Decide> {
    const path = { id: gate.id };
    const shown =
      gate.shown_hash ?? (await transport.send<Answer<'gates.get'>>('gates.get', { path })).shown_hash;
    const bound = { gate_version: gate.version, proposal_hash: gate.proposal_hash, shown_hash: shown };
    return await transport.send<Decide>('gates.decide', { path, body: { ...words, verdict, ...bound } });
  }
  const verdict =
    (name: Verdict) =>
    (gate: Shown, words?: Words): Promise<Decide> =>
      decide(gate, name, words);
  return { decide, approve: verdict('approve'), reject: verdict('reject'), escalate: verdict('escalate') };
}
