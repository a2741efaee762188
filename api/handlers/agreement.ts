import { AGREEMENT_DECIDED_MIN } from '../../contract/policy/reviewer-agreement';
import { asCaller, type Handler } from '../context';
import { readAgreement } from '../reads/agreement';

export const getAgreement: Handler<'agreement.get'> = async (api, { caller, query }) => ({
  status: 200,
  body: {
    items: await asCaller(api, caller, (transaction) => readAgreement(transaction, query)),
    shown_from: String(AGREEMENT_DECIDED_MIN),
  },
});
