import { randomBytes } from 'node:crypto';
import { parseKey } from '../../contract/api-key';
import { asCaller, type Handler } from '../context';
import { checkedEdits } from '../edits';
import { ApiProblem, refuseIf, type Outcome } from '../problem';
import { readGateRow } from '../reads/gates';
import { verdictWords } from './decide';

const SECRET_BYTES = 32;

interface Proved extends Outcome {
  readonly proof_id: string;
  readonly expires_at: string;
}

/**
 * Proves anew who decides: the key that the request was sent with is presented once more, whole, and what comes back is good
 * for that one verdict alone. Its secret is made here, shown once and kept nowhere.
 */
export const reauthenticate: Handler<'reauthentications.create'> = async (api, { caller, body }) => {
  const { gate_id: gateId, key, decision } = body;
  const presented = parseKey(key);
  if (presented?.id !== caller.keyId || !presented.secretSha256.equals(caller.proof.secretSha256))
    throw new ApiProblem('key_wrong');
  const secret = randomBytes(SECRET_BYTES);
  const proved = await asCaller(api, caller, async (transaction) => {
    const gate = await readGateRow(transaction, caller, gateId);
    const edits = await checkedEdits(api, transaction, gate, decision);
    return await transaction.value<Proved>(
      `select app.reauthenticate(p_gate_id => $1, p_gate_version => $2, p_proposal_hash => decode($3, 'hex'),
         p_shown_hash => decode($4, 'hex'), p_verdict => $5, p_disposition => $6, p_reason_code => $7, p_rationale => $8,
         p_rationale_parts => $9, p_edits => $10, p_record_type => $11, p_on_behalf_of => $12, p_key_id => $13,
         p_actor_user_id => $14, p_secret => $15)`,
      [gateId, ...verdictWords(decision, edits), caller.keyId, caller.userId, secret],
    );
  });
  const { proof_id: id, expires_at: expiresAt } = refuseIf(proved);
  return {
    status: 201,
    body: { proof: `${id}.${secret.toString('base64url')}`, gate_id: gateId, expires_at: expiresAt },
  };
};
