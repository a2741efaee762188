import { z } from 'zod';
import { defineProvider, type Provider } from '../../../contract/model';
import { definePack, definePurpose, defineRecordType, type RecordType } from '../../../contract/pack';
import { modelOutput } from '../../../packs/farm/output';
import { userDocument } from '../../../packs/farm/user-document';

/*
 * A pack whose record types are the cells of a matrix: so many seats, reminders and escalations by timer. The last two take
 * turns, since an escalation that follows another act of the gate also changes whom the run shows to wait for.
 */

export interface Terms {
  readonly seats: number;
  readonly reminders: number;
  readonly escalations: number;
}

/** In hours from the opening, which no change of daylight-saving time makes longer. */
export const REMINDER_HOURS: readonly number[] = [24, 72, 120];
export const ESCALATION_HOURS: readonly number[] = [48, 96];
export const EXPIRY_HOURS = 168;
/** Roles that the timer adds to the reviewers, one after the other. */
const ADDED_ROLES = ['senior', 'admin'] as const;

export const TERMS: readonly Terms[] = [1, 2, 3].flatMap((seats) =>
  [0, 1, 2, 3].flatMap((reminders) => [0, 1, 2].map((escalations) => ({ seats, reminders, escalations }))),
);

export const MATRIX_PURPOSE = 'matrix.cell';
export const MATRIX_MODEL = { vendor: 'matrix', model: 'cells-1', region: 'local' };

export function recordTypeOf({ seats, reminders, escalations }: Terms): string {
  return `cell_${seats}_${reminders}_${escalations}`;
}

function hours(count: number): string {
  return `PT${count}H`;
}

function cellType(terms: Terms): RecordType {
  const payload = z.strictObject({ text: z.string().min(1).max(200) });
  return defineRecordType({
    name: recordTypeOf(terms),
    version: 1,
    class: 'financial',
    kind: 'draft',
    effect: 'record',
    draft: payload,
    record: payload,
    requiredFields: ['text'],
    gate: {
      question: () => 'Record what this cell of the matrix says?',
      ifApproved: 'It is recorded.',
      ifRejected: 'It is discarded.',
      role: 'reviewer',
      seats: terms.seats,
      separation: 'n_of_m',
      reminderAfter: REMINDER_HOURS.slice(0, terms.reminders).map(hours),
      chain: ADDED_ROLES.slice(0, terms.escalations).map((role, index) => ({
        after: hours(ESCALATION_HOURS[index] ?? EXPIRY_HOURS),
        role,
      })),
      expiresAfter: hours(EXPIRY_HOURS),
      rationale: 'reason_code',
      reasonCodes: ['correct', 'other'],
      dispositions: [],
    },
  });
}

const recordTypes = TERMS.map(cellType);

export const matrixPack = definePack({
  name: 'matrix',
  recordTypes,
  purposes: [
    definePurpose({
      name: MATRIX_PURPOSE,
      version: 1,
      title: 'One cell of the matrix of gates',
      input: z.strictObject({ record_type: z.string(), text: z.string() }),
      example: { record_type: 'cell_1_0_0', text: 'A first cell' },
      allowList: { record_type: { rule: 'pass' }, text: { rule: 'pass' } },
      prompt: (context) => ({ system: 'Propose the cell.', user: userDocument(MATRIX_PURPOSE, context) }),
      output: modelOutput,
      recordTypes: recordTypes.map(({ name }) => name),
      evals: [],
      model: MATRIX_MODEL,
      bounds: { maxInputTokens: 1_000, maxOutputTokens: 1_000, maxPromptCharacters: 4_000 },
      price: { primary: 1, advisor: 0 },
      confidenceThresholdPermille: 0,
      phi: false,
      manual: { recordType: 'cell_1_0_0' },
    }),
  ],
});

const asked = z.object({ input: z.object({ record_type: z.string(), text: z.string() }) });

/** Proposes the cell that it is asked for. */
export const matrixModel: Provider = defineProvider({
  vendor: MATRIX_MODEL.vendor,
  async complete({ prompt }) {
    const { input } = asked.parse(JSON.parse(prompt.user));
    return await Promise.resolve({
      output: {
        proposals: [
          {
            record_type: input.record_type,
            payload: { text: input.text },
            confidence_permille: 1_000,
            sources: [],
            missing: [],
          },
        ],
        confidence_permille: 1_000,
        confidence_origin: 'the cell was named',
      },
      usage: { inputTokens: 100, outputTokens: 50, cacheReadTokens: 0, cacheWriteTokens: 0 },
      providerRequestId: null,
    });
  },
});
