import type { Decision } from '../../contract/wire/decision';
import type { RecordWritten } from '../../contract/wire/record';
import type { Transaction } from '../../db/transaction';
import { seesContent, sightOf, type Caller } from '../caller';
import { asCaller, type Asked, type Handler } from '../context';
import { refuseIf, type Outcome } from '../problem';
import {
  knownDecisions,
  readDecision,
  readKnownIntent,
  SELECT_DECISIONS,
  withDecisionContent,
  type DecisionRow,
} from '../reads/decisions';
import { drawDecisions } from '../reads/draw';
import { readPage } from '../reads/keyset';
import { noteReidentified } from '../reads/reidentified';

export const listDecisions: Handler<'decisions.list'> = async (api, { caller, query }) => {
  const body = await asCaller(api, caller, async (transaction) => {
    const conditions = [
      { text: 'class = $', value: query.class },
      { text: 'actor_user_id = $', value: query.actor },
      { text: 'run_id = $', value: query.run_id },
      { text: 'decided_at >= $::timestamptz', value: query.from },
    ];
    if (query.sample !== undefined) {
      const { seed, to } = query;
      const drawn = await drawDecisions(transaction, conditions, { sample: query.sample, seed, to });
      const items = await withDecisionContent(
        transaction,
        caller,
        await knownDecisions(transaction, caller, drawn.rows),
      );
      return { items, next_cursor: null, draw: drawn.draw };
    }
    const page = await readPage<DecisionRow>(
      transaction,
      {
        list: 'decisions',
        select: SELECT_DECISIONS,
        conditions: [...conditions, { text: 'decided_at < $::timestamptz', value: query.to }],
        order: [
          ['decided_at', 'timestamptz'],
          ['id', 'uuid'],
        ],
        direction: 'desc',
      },
      query,
    );
    const known = await knownDecisions(transaction, caller, page.items);
    const items: Decision[] = await withDecisionContent(transaction, caller, known);
    return { items, next_cursor: page.next_cursor, draw: null };
  });
  return { status: 200, body };
};

export const getDecision: Handler<'decisions.get'> = async (api, { caller, params }) => ({
  status: 200,
  body: await asCaller(api, caller, (transaction) => readDecision(transaction, caller, params.id ?? '')),
});

export const getIntent: Handler<'intents.get'> = async (api, { caller, params }) => ({
  status: 200,
  body: await asCaller(api, caller, (transaction) => readKnownIntent(transaction, caller, params.id ?? '')),
});

type RecordRow = Omit<RecordWritten, 'payload' | 'corrects' | 'undoes' | 'corrected_by' | 'undone_by'> & {
  readonly requested_by: string;
  readonly act: 'write' | 'correct' | 'undo';
  readonly compensates_record_id: string | null;
  readonly compensated_by: string | null;
  readonly compensated_as: 'correct' | 'undo' | null;
};

export const listRecords: Handler<'records.list'> = async (api, { caller, query }) => ({
  status: 200,
  body: await asCaller(api, caller, (transaction) => readRecords(transaction, caller, query)),
});

async function readRecords(
  transaction: Transaction,
  caller: Caller,
  query: Asked<'records.list'>['query'],
): Promise<{ items: RecordWritten[]; next_cursor: string | null }> {
  const page = await readPage<RecordRow>(
    transaction,
    {
      list: 'records',
      select: `select * from (select r.*, n.requested_by from app.records r join app.runs n on n.id = r.run_id) records`,
      conditions: [
        { text: 'record_type = $', value: query.record_type },
        { text: 'run_id = $', value: query.run_id },
        {
          text: "(compensated_by is null and act <> 'undo') = $::boolean",
          value: query.standing === undefined ? undefined : true,
        },
        { text: 'requested_by = $', value: sightOf(caller).onlyRequestedBy },
      ],
      order: [
        ['written_at', 'timestamptz'],
        ['id', 'uuid'],
      ],
      direction: 'desc',
    },
    query,
  );
  const readable = page.items.filter((row) => seesContent(caller, row.requested_by)).map(({ id }) => id);
  const payloads = await transaction.rows<{ id: string; payload: Record<string, unknown> }>(
    'select id, payload from app.records_content where id = any ($1::uuid[])',
    [readable],
  );
  const payloadById = new Map(payloads.map(({ id, payload }) => [id, payload]));
  const shown = page.items.filter(({ id }) => payloadById.has(id));
  await noteReidentified(
    transaction,
    caller,
    shown.map(({ content_id: id }) => id),
  );
  return {
    items: page.items.map((row) => ({
      id: row.id,
      decision_id: row.decision_id,
      gate_id: row.gate_id,
      run_id: row.run_id,
      proposal_id: row.proposal_id,
      record_type: row.record_type,
      payload: payloadById.get(row.id) ?? null,
      content_id: row.content_id,
      content_hash: row.content_hash,
      written_at: row.written_at,
      corrects: row.act === 'correct' ? row.compensates_record_id : null,
      undoes: row.act === 'undo' ? row.compensates_record_id : null,
      corrected_by: row.compensated_as === 'correct' ? row.compensated_by : null,
      undone_by: row.compensated_as === 'undo' ? row.compensated_by : null,
    })),
    next_cursor: page.next_cursor,
  };
}

interface ReadContent extends Outcome {
  readonly kind: string;
  readonly text: string;
  readonly salt: string;
  readonly commitment: string;
}

/** An auditor's reading of content: allowed, and recorded in the chain with who and what. */
export const readContent: Handler<'contents.read'> = async (api, { caller, params }) => {
  const id = params.id ?? '';
  const content = refuseIf(
    await asCaller(api, caller, (transaction) =>
      transaction.value<ReadContent>('select app.read_content($1, $2)', [id, caller.userId]),
    ),
  );
  const { kind, text, salt, commitment } = content;
  return { status: 200, body: { id, kind, text, salt, commitment } };
};
