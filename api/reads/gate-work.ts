import type { Gate } from '../../contract/wire/gate';
import type { Transaction } from '../../db/transaction';

type Work = Pick<Gate, 'questions' | 'handovers'>;

/** What people did at a gate beside deciding: what they asked of the requester, and who took it from whom. */
export async function readWork(transaction: Transaction, gateId: string, content: boolean): Promise<Work> {
  const [work] = await transaction.rows<Work>(
    `select
       (select coalesce(jsonb_agg(jsonb_build_object('id', q.id, 'asked_by', q.asked_by, 'question', ${content ? 'c.question' : 'null'},
            'asked_at', app.utc(q.asked_at), 'answered_by', q.answered_by, 'answer', ${content ? 'c.answer' : 'null'},
            'answered_at', app.utc(q.answered_at)) order by q.asked_at, q.id), '[]')
        from app.gate_questions q ${content ? 'join app.gate_questions_content c on c.id = q.id' : ''}
        where q.gate_id = $1) as questions,
       (select coalesce(jsonb_agg(jsonb_build_object('id', h.id, 'act', h.act, 'from_user_id', h.from_user_id, 'to_user_id', h.to_user_id,
            'by_user_id', h.by_user_id, 'reason', ${content ? 'c.reason' : 'null'}, 'at', app.utc(h.at)) order by h.at, h.id), '[]')
        from app.handovers h ${content ? 'join app.handovers_content c on c.id = h.id' : ''}
        where h.gate_id = $1) as handovers`,
    [gateId],
  );
  return work ?? { questions: [], handovers: [] };
}
