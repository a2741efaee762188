import { defineEval } from '../../../contract/pack';
import { verdict } from './context';

/** Warns the reviewer of what the model left open, and of required fields that it left open without saying so. */
export const missingFields = defineEval({
  name: 'farm.missing_fields',
  version: 1,
  judges: 'reading',
  evaluate: ({ proposal, recordType }) => {
    const isOpen = (name: string): boolean =>
      proposal.payload[name] === undefined || proposal.payload[name] === null;
    const silent = (recordType?.requiredFields ?? []).filter(
      (name) => isOpen(name) && !proposal.missing.includes(name),
    );
    if (silent.length > 0)
      return verdict(false, 'flag', 'A required field is open and was not named as missing.');
    return verdict(
      proposal.missing.length === 0,
      'flag',
      'The model was in doubt about at least one field and left it open.',
    );
  },
});
