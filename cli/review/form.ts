import type { Words } from '../../client/types';
import type { Disposition, Verdict } from '../../contract/states';
import type { Gate } from '../../contract/wire/gate';
import type { Review } from './loop';

/** What a form of a few keys can't hold: the command for it can. */
export class HintForCommand extends Error {
  override readonly name = 'HintForCommand';
}

const CHOICE_KEYS = '123456789bcdfghjklmnopqrstuvwxyz';

/**
 * Asks for what a verdict needs: a disposition, a reason, and Enter. Undefined when the person goes back.
 * @throws HintForCommand where the gate asks for what a few keys can't give
 */
export async function askWords(
  review: Pick<Review, 'keys' | 'output'>,
  gate: Gate,
  verdict: Verdict,
  edits: Record<string, unknown> | undefined,
): Promise<Words | undefined> {
  hintWhereTooMuch(gate, verdict, edits);
  let disposition: Disposition | undefined;
  if (verdict === 'approve' && gate.dispositions.length > 0) {
    disposition = await choose(review, 'Which disposition?', gate.dispositions);
    if (disposition === undefined) return undefined;
  }
  const reason = await askReason(review, gate, verdict);
  if (reason === undefined) return undefined;
  review.output.line(
    `Enter: ${verdict}${edits === undefined ? '' : ' the record as you changed it'}. Any other key: back.`,
  );
  if ((await review.keys.key()) !== 'enter') return undefined;
  return {
    ...reason,
    ...(disposition === undefined ? {} : { disposition }),
    ...(edits === undefined || verdict !== 'approve' ? {} : { edits }),
  };
}

function hintWhereTooMuch(gate: Gate, verdict: Verdict, edits: Record<string, unknown> | undefined): void {
  const command = `countersign ${verdict} ${gate.id}`;
  if (gate.blind) throw new HintForCommand(`Say what you think first: countersign view ${gate.id}`);
  if (gate.reauthenticate_minutes !== null)
    throw new HintForCommand(`This gate asks who you are once more: ${command} --prove`);
  if (gate.rationale_parts.length > 0)
    throw new HintForCommand(`This gate asks for a reason in parts: ${command} --part name=text`);
  if (verdict !== 'approve') return;
  if (gate.record_types.length > 1)
    throw new HintForCommand(`Say what is recorded: ${command} --record-type and --edits`);
  if (gate.manual && gate.compensation_act === null && edits === undefined)
    throw new HintForCommand('The model has nothing to show: write the record first, by m.');
}

/** One key where the gate has codes, words where it asks for words. */
async function askReason(
  review: Pick<Review, 'keys' | 'output'>,
  gate: Gate,
  verdict: Verdict,
): Promise<Words | undefined> {
  if (gate.rationale_rule === 'reason_code' && gate.reason_codes.length > 0) {
    const code = await choose(review, `Why ${verdict}?`, gate.reason_codes);
    return code === undefined ? undefined : { reason_code: code };
  }
  const text = await review.keys.line(`Why ${verdict}? `);
  return text === undefined || text === '' ? undefined : { rationale: text };
}

/** A key that stands for no choice does nothing; escape, Enter and erasing go back. */
async function choose<Choice extends string>(
  { keys, output }: Pick<Review, 'keys' | 'output'>,
  question: string,
  choices: readonly Choice[],
): Promise<Choice | undefined> {
  const named = choices.map((choice, at) => `[${CHOICE_KEYS[at] ?? ' '}] ${choice}`).join('  ');
  output.line(`${question}  ${named}`);
  for (;;) {
    const key = await keys.key();
    if (key === undefined || key === 'enter' || key === 'other' || key === 'erase') return undefined;
    const choice = choices[CHOICE_KEYS.indexOf(key)];
    if (choice !== undefined) return choice;
  }
}
