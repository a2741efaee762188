import { defineEval } from '../../../contract/pack';
import { verdict } from './context';

/** Every source of a piece of advice is a passage that was retrieved or a field of the input, and there is at least one. */
export const sourcesExist = defineEval({
  name: 'farm.sources_exist',
  version: 1,
  evaluate: ({ input, passages, proposal }) => {
    const known = new Set(passages.map((passage) => passage.id));
    const exists = proposal.sources.every((source) =>
      source.passage_id === undefined
        ? source.field !== undefined && Object.hasOwn(input, source.field)
        : known.has(source.passage_id),
    );
    return verdict(
      proposal.sources.length > 0 && exists,
      'block',
      'The advice has no source, or names one that was not given.',
    );
  },
});
