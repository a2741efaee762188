import { sightOf } from '../caller';
import { asCaller, type Handler } from '../context';
import { refuseIf, type Outcome } from '../problem';
import { readGate, readGateRow, SELECT_GATES, withContent, type GateRow } from '../reads/gates';
import { readPage } from '../reads/keyset';

export const listGates: Handler<'gates.list'> = async (api, { caller, query }) => {
  const body = await asCaller(api, caller, async (transaction) => {
    const page = await readPage<GateRow>(
      transaction,
      {
        list: 'gates',
        select: SELECT_GATES,
        conditions: [
          {
            text: '(closed_at is null) = $',
            value: query.state === undefined ? undefined : query.state === 'open',
          },
          { text: '$ = any (roles)', value: query.role },
          { text: 'run_id = $', value: query.run_id },
          { text: 'record_class = $', value: query.class },
          {
            text: 'app.gate_refusal(id, $::uuid) is null',
            value: query.decidable === undefined ? undefined : caller.userId,
          },
          { text: 'requested_by = $', value: sightOf(caller).onlyRequestedBy },
        ],
        order: [
          ['due_at', 'timestamptz'],
          ['id', 'uuid'],
        ],
        direction: 'asc',
      },
      query,
    );
    return { items: await withContent(transaction, caller, page.items), next_cursor: page.next_cursor };
  });
  return { status: 200, body };
};

export const getGate: Handler<'gates.get'> = async (api, { caller, params }) => ({
  status: 200,
  body: await asCaller(api, caller, (transaction) => readGate(transaction, caller, params.id ?? '')),
});

interface Claimed extends Outcome {
  readonly until: string;
}

export const claimGate: Handler<'gates.claim'> = async (api, { caller, params, body }) => {
  const gateId = params.id ?? '';
  const claimed = await asCaller(api, caller, (transaction) =>
    transaction.value<Claimed>('select app.claim_gate($1, $2, make_interval(secs => $3))', [
      gateId,
      caller.userId,
      body.seconds,
    ]),
  );
  return { status: 200, body: { gate_id: gateId, claimed_until: refuseIf(claimed).until } };
};

export const releaseGate: Handler<'gates.release'> = async (api, { caller, params }) => {
  const gateId = params.id ?? '';
  const released = await asCaller(api, caller, async (transaction) => {
    await readGateRow(transaction, caller, gateId);
    return await transaction.value<Outcome>('select app.release_gate($1, $2)', [gateId, caller.userId]);
  });
  return { status: 200, body: { gate_id: gateId, released: released.outcome === 'released' } };
};

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
