import type { Eval, EvalContext, ModelOutput, Purpose, TenantFacts } from '../contract/pack';
import type { Registry } from '../packs/registry';
import type { SeenDocument } from './original-sources';

/** One verdict of an eval over one proposal, as `app.record_evaluation` takes it. */
export interface EvalRow {
  readonly ordinal: number;
  readonly name: string;
  readonly version: number;
  readonly verdict: 'pass' | 'fail';
  readonly severity: 'block' | 'flag';
  readonly reason: string;
}

/** The one eval that belongs to no pack: whether the answer as a whole fits its schema. It has a row only when it fails. */
export const OUTPUT_CONFORMS = { name: 'output_conforms', version: 1 } as const;

/** The answer as a whole does not fit its schema: nothing of it is shown. */
const UNREADABLE: EvalRow = {
  ...OUTPUT_CONFORMS,
  ordinal: 0,
  verdict: 'fail',
  severity: 'block',
  reason: 'The answer does not fit the schema of the purpose.',
};

export interface Judgeable {
  readonly purpose: Purpose;
  /** Those of the purpose, unless an answer of before is judged by what its purpose has become. */
  readonly evals?: readonly Eval[];
  readonly registry: Registry;
  readonly tenant: TenantFacts;
  /** What the model was given. */
  readonly seen: SeenDocument;
  /** Undefined when the answer can't be read by the purpose's schema. */
  readonly output: ModelOutput | undefined;
}

/** Every eval over every proposal of an answer. Pure: the same answer, seen in the same way, has the same verdicts. */
export function judge({
  purpose,
  evals = purpose.evals,
  registry,
  tenant,
  seen,
  output,
}: Judgeable): EvalRow[] {
  if (output === undefined) return [UNREADABLE];
  return output.proposals.flatMap((proposal, ordinal) => {
    const recordType = registry.recordType(proposal.record_type);
    const context: EvalContext = {
      tenant,
      input: seen.input,
      passages: seen.passages,
      output,
      proposal,
      recordType: purpose.recordTypes.includes(proposal.record_type) ? recordType : undefined,
    };
    return evals.map(({ name, version, evaluate }) => ({ ordinal, name, version, ...evaluate(context) }));
  });
}
