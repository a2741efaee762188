import { parseKey } from '../../contract/api-key';
import type { KeyProof, Transaction } from '../../db/transaction';

const proofs = new Map<string, KeyProof>();

/** What a whole key proves itself by. */
export function proofOf(token: string): KeyProof {
  const parsed = parseKey(token);
  if (parsed === undefined) throw new Error('not a key');
  return { keyId: parsed.id, secretSha256: parsed.secretSha256 };
}

/** Notes the key that statements which name this person present. */
export function noteProof(userId: string, token: string): void {
  proofs.set(userId, proofOf(token));
}

/**
 * A transaction whose statements present the key of the person in whose name they act: of the last known one among their
 * parameters, where the functions take it; a run's subject alone comes after who asks. What happens without a key, or
 * with somebody else's, is a test of its own.
 */
export function presenting(transaction: Transaction): Transaction {
  const present = async (text: string, parameters: readonly unknown[]): Promise<void> => {
    const known = parameters.flatMap((one) => proofs.get(String(one)) ?? []);
    const proof = text.includes('app.accept_run') ? known[0] : known.at(-1);
    if (proof === undefined) return;
    await transaction.rows("select set_config('app.key_proof', $1, true)", [
      `${proof.keyId} ${proof.secretSha256.toString('hex')}`,
    ]);
  };
  return {
    async rows(text, parameters = []) {
      await present(text, parameters);
      return await transaction.rows(text, parameters);
    },
    async value(text, parameters = []) {
      await present(text, parameters);
      return await transaction.value(text, parameters);
    },
  };
}
