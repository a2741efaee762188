/** What may leave the perimeter of the fields that the purposes share. Anything that is not listed is dropped. */
import type { AllowList } from '../../contract/pack';

/** The subject's id is a bare id; name and specialty follow their kinds, `user_id` stays here. */
export const subjectRules: AllowList = {
  'subject.id': { rule: 'pass' },
  'subject.name': { rule: 'tokenise', kind: 'provider' },
  'subject.specialty': { rule: 'pass' },
};

/** Facts without the two values that identify a person: a licence's number and a referee's name. */
export const factRules: AllowList = {
  'facts[].trust_record_id': { rule: 'pass' },
  'facts[].kind': { rule: 'pass' },
  'facts[].tier': { rule: 'pass' },
  'facts[].verified_until': { rule: 'pass' },
  'facts[].receipt_id': { rule: 'pass' },
  'facts[].value.state': { rule: 'pass' },
  'facts[].value.number': { rule: 'tokenise', kind: 'licence' },
  'facts[].value.status': { rule: 'pass' },
  'facts[].value.expires_on': { rule: 'pass' },
  'facts[].value.board': { rule: 'pass' },
  'facts[].value.procedure_code': { rule: 'pass' },
  'facts[].value.from': { rule: 'pass' },
  'facts[].value.until': { rule: 'pass' },
  'facts[].value.count': { rule: 'pass' },
  'facts[].value.referee': { rule: 'tokenise', kind: 'provider' },
  'facts[].value.received_on': { rule: 'pass' },
  'facts[].value.recommends': { rule: 'pass' },
  'facts[].value.list': { rule: 'pass' },
  'facts[].value.result': { rule: 'pass' },
  'facts[].value.searched_on': { rule: 'pass' },
};

/** Documents: titles and pages are free text. A licence expires and a letter was received on a day, so pages keep dates. */
export const documentRules: AllowList = {
  'documents[].id': { rule: 'pass' },
  'documents[].title': { rule: 'text' },
  'documents[].pages[].page': { rule: 'pass' },
  'documents[].pages[].text': { rule: 'text', dates: 'pass' },
};

/** Criteria: everything that settles them; the label is the tenant's free text. */
export const criterionRules: AllowList = {
  'criteria[].code': { rule: 'pass' },
  'criteria[].label': { rule: 'text' },
  'criteria[].kind': { rule: 'pass' },
  'criteria[].state': { rule: 'pass' },
  'criteria[].board': { rule: 'pass' },
  'criteria[].procedure_code': { rule: 'pass' },
  'criteria[].count_min': { rule: 'pass' },
  'criteria[].months': { rule: 'pass' },
};
