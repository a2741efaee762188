import type { SourceSpan } from '../../contract/pack';
import type { Transaction } from '../../db/transaction';

/** What a gate asks, as the draft step froze it. Content. */
export interface QuestionContent {
  readonly question: string;
  readonly if_approved: string;
  readonly if_rejected: string;
  readonly missing: readonly string[];
  readonly sources: readonly SourceSpan[];
  readonly flags: readonly { readonly name: string; readonly reason: string }[];
}

/** What gates ask, by gate id. */
export async function readQuestions(
  transaction: Transaction,
  gateIds: readonly string[],
): Promise<ReadonlyMap<string, QuestionContent>> {
  if (gateIds.length === 0) return new Map();
  const rows = await transaction.rows<{ id: string; question: QuestionContent }>(
    'select id, question from app.gates_content where id = any ($1::uuid[])',
    [gateIds],
  );
  return new Map(rows.map(({ id, question }) => [id, question]));
}
