/** Whose document it is. A document that names somebody else as its subject was misfiled, and settles nothing. */
import { linesOf } from './structured-lines';
import type { Document } from './user-document';

const NAMED =
  /^\s*(Name|Provider|Practitioner|Applicant|Surgeon|Physician|Candidate|Re|Regarding)\s*:\s*(\S.*)$/i;

/** A subject line may be about a matter; it names a person when it has a title or a person's token. */
const PERSON = /<(?:provider|person)_token_|\bdr\b/;

/** What a document says about whose it is: this person's, another's, or nothing. */
export function ownerOf(document: Document, subjectName: string): 'subject' | 'other' | 'unstated' {
  const name = subjectName.trim().toLowerCase();
  if (name === '') return 'unstated';
  let owner: 'other' | 'unstated' = 'unstated';
  for (const page of document.pages) {
    for (const line of linesOf(page)) {
      const named = NAMED.exec(line.text);
      if (named === null) continue;
      const value = (named[2] ?? '').toLowerCase();
      if (value.includes(name)) return 'subject';
      if (!/^re/i.test(named[1] ?? '') || PERSON.test(value)) owner = 'other';
    }
  }
  return owner;
}
