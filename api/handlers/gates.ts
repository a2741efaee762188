import { asCaller, type Handler } from '../context';
import { refuseIf, type Outcome } from '../problem';
import { readGate, readGateRow, withContent } from '../reads/gates';
import { readQueue } from '../reads/queue';

export const listGates: Handler<'gates.list'> = async (api, { caller, query }) => ({
  status: 200,
  body: await asCaller(api, caller, async (transaction) => {
    const page = await readQueue(transaction, caller, query);
    return { items: await withContent(transaction, caller, page.items), next_cursor: page.next_cursor };
  }),
});

export const getGate: Handler<'gates.get'> = async (api, { caller, params }) => ({
  status: 200,
  body: await asCaller(api, caller, (transaction) => readGate(transaction, caller, params.id ?? '')),
});

interface Commented extends Outcome {
  readonly id: string;
}

export const commentOnGate: Handler<'gates.comment'> = async (api, { caller, params, body }) => {
  const gateId = params.id ?? '';
  const commented = await asCaller(api, caller, async (transaction) => {
    await readGateRow(transaction, caller, gateId);
    return await transaction.value<Commented>('select app.comment_on_gate($1, $2, $3)', [
      gateId,
      body.text,
      caller.userId,
    ]);
  });
  return { status: 201, body: { id: refuseIf(commented).id, gate_id: gateId } };
};

export const recuse: Handler<'gates.recuse'> = async (api, { caller, params }) => {
  const gateId = params.id ?? '';
  const recused = await asCaller(api, caller, (transaction) =>
    transaction.value<Outcome>('select app.recuse($1, $2)', [gateId, caller.userId]),
  );
  refuseIf(recused);
  return { status: 200, body: { gate_id: gateId, user_id: caller.userId } };
};
