import type { Subject } from '../../contract/wire/tenant';
import { asCaller, type Handler } from '../context';
import { ApiProblem, refuseIf, type Outcome } from '../problem';
import { readPage } from '../reads/keyset';

const SELECT_SUBJECTS = 'select subject_id, user_id, version, set_by, run_id, set_at from app.subjects';

/** Which member each subject is. */
export const listSubjects: Handler<'subjects.list'> = async (api, { caller, query }) => ({
  status: 200,
  body: await asCaller(api, caller, async (transaction) => {
    const page = await readPage<Subject>(
      transaction,
      { list: 'subjects', select: SELECT_SUBJECTS, order: [['subject_id', 'text']], direction: 'asc' },
      query,
    );
    return { items: [...page.items], next_cursor: page.next_cursor };
  }),
});

/** Says which member a subject is, or that nobody is. */
export const putSubject: Handler<'subjects.put'> = async (api, { caller, params, body }) => ({
  status: 200,
  body: await asCaller(api, caller, async (transaction) => {
    refuseIf(
      await transaction.value<Outcome>('select app.set_subject_member($1, $2, $3)', [
        params.subject_id,
        body.user_id,
        caller.userId,
      ]),
    );
    const [subject] = await transaction.rows<Subject>(`${SELECT_SUBJECTS} where subject_id = $1`, [
      params.subject_id,
    ]);
    // Nobody was known to be it, and nobody is: there is no row to tell of.
    if (subject === undefined) throw new ApiProblem('not_found');
    return subject;
  }),
});
