import type { Delegation } from '../../contract/wire/delegation';
import type { Transaction } from '../../db/transaction';
import { sightOf, type Caller } from '../caller';
import { asCaller, type Handler } from '../context';
import { ApiProblem, refuseIf, type Outcome } from '../problem';
import { readGateRow } from '../reads/gates';
import { readPage } from '../reads/keyset';

const SELECT_DELEGATIONS = 'select * from app.delegations';
/** Neither revoked nor over. */
const PRESENT = 'revoked_at is null and until_at > app.now()';

type DelegationRow = Omit<Delegation, 'reason'>;

export const listDelegations: Handler<'delegations.list'> = async (api, { caller, query }) => ({
  status: 200,
  body: await asCaller(api, caller, async (transaction) => {
    const page = await readPage<DelegationRow>(
      transaction,
      {
        list: 'delegations',
        select: SELECT_DELEGATIONS,
        conditions: [
          {
            text: `(${PRESENT}) = $`,
            value: query.state === undefined ? undefined : query.state === 'present',
          },
          { text: 'delegator_user_id = $', value: query.delegator },
          { text: 'delegate_user_id = $', value: query.delegate },
        ],
        order: [
          ['created_at', 'timestamptz'],
          ['id', 'uuid'],
        ],
        direction: 'desc',
      },
      query,
    );
    return { items: await withReasons(transaction, caller, page.items), next_cursor: page.next_cursor };
  }),
});

export const createDelegation: Handler<'delegations.create'> = async (api, { caller, body }) => {
  const created = await asCaller(api, caller, async (transaction) => {
    const { id } = refuseIf(
      await transaction.value<Outcome & { readonly id: string }>(
        `select app.create_delegation(p_delegator_user_id => $1, p_delegate_user_id => $2, p_roles => $3, p_from => $4,
           p_until => $5, p_reason => $6, p_actor_user_id => $7)`,
        [
          body.delegator_user_id ?? caller.userId,
          body.delegate_user_id,
          body.roles ?? null,
          body.from ?? null,
          body.until,
          body.reason,
          caller.userId,
        ],
      ),
    );
    const rows = await transaction.rows<DelegationRow>(`${SELECT_DELEGATIONS} where id = $1`, [id]);
    const [delegation] = await withReasons(transaction, caller, rows);
    if (delegation === undefined) throw new ApiProblem('internal');
    return delegation;
  });
  return { status: 201, body: created };
};

export const revokeDelegation: Handler<'delegations.revoke'> = async (api, { caller, params }) => {
  await asCaller(api, caller, async (transaction) => {
    refuseIf(
      await transaction.value<Outcome>('select app.revoke_delegation($1, $2)', [params.id, caller.userId]),
    );
  });
  return { status: 204 };
};

/** Why somebody is away is a person's own words, so content. */
async function withReasons(
  transaction: Transaction,
  caller: Caller,
  rows: readonly DelegationRow[],
): Promise<Delegation[]> {
  const reasons =
    sightOf(caller).content === 'all' && rows.length > 0
      ? await transaction.rows<{ id: string; reason: string }>(
          'select id, reason from app.delegations_content where id = any ($1::uuid[])',
          [rows.map(({ id }) => id)],
        )
      : [];
  const byId = new Map(reasons.map(({ id, reason }) => [id, reason]));
  return rows.map((row) => ({
    id: row.id,
    delegator_user_id: row.delegator_user_id,
    delegate_user_id: row.delegate_user_id,
    roles: row.roles,
    from_at: row.from_at,
    until_at: row.until_at,
    reason: byId.get(row.id) ?? null,
    created_by: row.created_by,
    created_at: row.created_at,
    revoked_by: row.revoked_by,
    revoked_at: row.revoked_at,
  }));
}

/** Records what a reviewer thinks before they are shown what the model said. */
export const recordView: Handler<'gates.view'> = async (api, { caller, params, body }) => {
  const gateId = params.id ?? '';
  const { id } = await asCaller(api, caller, async (transaction) => {
    await readGateRow(transaction, caller, gateId);
    return refuseIf(
      await transaction.value<Outcome & { readonly id: string }>(
        'select app.record_view($1, $2, $3, $4, $5)',
        [gateId, body.opinion, body.disposition ?? null, body.note, caller.userId],
      ),
    );
  });
  return { status: 201, body: { id, gate_id: gateId } };
};
