import { asCaller, type Handler } from '../context';
import { refuseIf, type Outcome } from '../problem';
import { readGateRow } from '../reads/gates';

interface Asked extends Outcome {
  readonly id: string;
}

/** A question goes to whoever asked for the run, and into the view of the gate. */
export const askRequester: Handler<'gates.ask'> = async (api, { caller, params, body }) => {
  const gateId = params.id ?? '';
  const asked = await asCaller(api, caller, (transaction) =>
    transaction.value<Asked>('select app.ask_requester($1, $2, $3)', [gateId, body.text, caller.userId]),
  );
  return { status: 201, body: { id: refuseIf(asked).id, gate_id: gateId } };
};

/** Whoever may not see the run learns of no gate and no question. */
export const answerQuestion: Handler<'gates.answer'> = async (api, { caller, params, body }) => {
  const gateId = params.id ?? '';
  const answered = await asCaller(api, caller, async (transaction) => {
    await readGateRow(transaction, caller, gateId);
    return await transaction.value<Outcome>('select app.answer_question($1, $2, $3, $4)', [
      gateId,
      body.question_id,
      body.text,
      caller.userId,
    ]);
  });
  refuseIf(answered);
  return { status: 201, body: { question_id: body.question_id, gate_id: gateId } };
};
