import type { Verdict } from '../contract/states';
import type { Transport } from './transport';
import type { Answer, Shown, Words } from './types';

type Decide = Answer<'gates.decide'>;

const NO_VIEW = '0'.repeat(64);

/**
 * Verdicts. Each binds to the gate as it was read: whatever has changed since is a conflict that says so. A gate of a list
 * is no whole view; then the view is read here, and must still be of the version and proposal that the caller has.
 */
export function verdictsOver(transport: Transport) {
  async function bound(gate: Shown, verdict: Verdict, words: Words): Promise<object> {
    const path = { id: gate.id };
    const shown =
      gate.shown_hash ?? (await transport.send<Answer<'gates.get'>>('gates.get', { path })).shown_hash;
    const { version: gate_version, proposal_hash } = gate;
    // A view that is held back has no hash: the API then says what is asked first.
    return { ...words, verdict, gate_version, proposal_hash, shown_hash: shown ?? NO_VIEW };
  }
  async function decide(gate: Shown, verdict: Verdict, words: Words = {}): Promise<Decide> {
    const body = await bound(gate, verdict, words);
    return await transport.send<Decide>('gates.decide', { path: { id: gate.id }, body });
  }
  /**
   * Proves anew who you are, for one verdict in these very words, by your key presented once more. Its `proof` then goes with
   * the same words into `decide`, where the gate says `reauthenticate_minutes`.
   */
  async function prove(
    gate: Shown,
    verdict: Verdict,
    words: Omit<Words, 'proof'>,
    key: string,
  ): Promise<Answer<'reauthentications.create'>> {
    const decision = await bound(gate, verdict, words);
    return await transport.send('reauthentications.create', { body: { gate_id: gate.id, key, decision } });
  }
  const verdict =
    (name: Verdict) =>
    (gate: Shown, words?: Words): Promise<Decide> =>
      decide(gate, name, words);
  return {
    decide,
    prove,
    approve: verdict('approve'),
    reject: verdict('reject'),
    escalate: verdict('escalate'),
  };
}
