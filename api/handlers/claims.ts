import type { Caller } from '../caller';
import { asCaller, type Api, type Handler } from '../context';
import { refuseIf, type Outcome } from '../problem';
import { readGateRow } from '../reads/gates';

interface Held extends Outcome {
  readonly until: string;
}

/** Calls a function that gives a claim, and answers until when it holds. */
async function hold(api: Api, caller: Caller, call: string, parameters: readonly unknown[]): Promise<string> {
  const held = await asCaller(api, caller, (transaction) =>
    transaction.value<Held>(`select ${call}`, parameters),
  );
  return refuseIf(held).until;
}

export const claimGate: Handler<'gates.claim'> = async (api, { caller, params, body }) => {
  const gateId = params.id ?? '';
  const call = 'app.claim_gate($1, $2, make_interval(secs => $3))';
  const until = await hold(api, caller, call, [gateId, caller.userId, body.seconds]);
  return { status: 200, body: { gate_id: gateId, claimed_until: until } };
};

export const renewClaim: Handler<'gates.renew'> = async (api, { caller, params, body }) => {
  const gateId = params.id ?? '';
  const call = 'app.renew_claim($1, $2, make_interval(secs => $3))';
  const until = await hold(api, caller, call, [gateId, caller.userId, body.seconds]);
  return { status: 200, body: { gate_id: gateId, claimed_until: until } };
};

export const stealClaim: Handler<'gates.steal'> = async (api, { caller, params, body }) => {
  const gateId = params.id ?? '';
  const call = 'app.steal_claim($1, $2, $3, make_interval(secs => $4), $5)';
  const until = await hold(api, caller, call, [gateId, body.from, body.reason, body.seconds, caller.userId]);
  return { status: 200, body: { gate_id: gateId, claimed_until: until } };
};

export const reassignGate: Handler<'gates.reassign'> = async (api, { caller, params, body }) => {
  const gateId = params.id ?? '';
  const call = 'app.reassign_gate($1, $2, $3, make_interval(secs => $4), $5)';
  const until = await hold(api, caller, call, [gateId, body.to, body.reason, body.seconds, caller.userId]);
  return { status: 200, body: { gate_id: gateId, claimed_by: body.to, claimed_until: until } };
};

export const releaseGate: Handler<'gates.release'> = async (api, { caller, params }) => {
  const gateId = params.id ?? '';
  const released = await asCaller(api, caller, async (transaction) => {
    await readGateRow(transaction, caller, gateId);
    return await transaction.value<Outcome>('select app.release_gate($1, $2)', [gateId, caller.userId]);
  });
  return { status: 200, body: { gate_id: gateId, released: released.outcome === 'released' } };
};
