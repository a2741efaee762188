import type { ChainHead, Event, Page } from '../../contract/wire/event';
import { asCaller, type Handler } from '../context';
import { refuseIf, type Outcome } from '../problem';
import { readEventsAfter, readHead } from '../reads/events';
import { digits, mapPage, readPage } from '../reads/keyset';

export const getHead: Handler<'audit.head'> = async (api, { caller }) => ({
  status: 200,
  body: await asCaller(api, caller, (transaction) => readHead(transaction, caller.tenantId)),
});

export const recentEvents: Handler<'audit.recent'> = async (api, { caller, query }) => {
  const body = await asCaller(api, caller, async (transaction) => {
    const head: ChainHead = await readHead(transaction, caller.tenantId);
    const events: Event[] = await readEventsAfter(transaction, caller, query.since, query.limit, {
      runId: query.run_id,
    });
    return { events, head };
  });
  return { status: 200, body };
};

type PageRow = Omit<Page, 'count'> & { readonly count: bigint };

export const listPages: Handler<'pages.list'> = async (api, { caller, query }) => ({
  status: 200,
  body: await asCaller(api, caller, async (transaction) =>
    mapPage(
      await readPage<PageRow>(
        transaction,
        {
          list: 'pages',
          select: 'select * from app.pages',
          conditions: [
            {
              text: '(acknowledged_at is null) = $',
              value: query.open === undefined ? undefined : query.open === 'true',
            },
          ],
          order: [
            ['opened_at', 'timestamptz'],
            ['id', 'uuid'],
          ],
          direction: 'desc',
        },
        query,
      ),
      toPage,
    ),
  ),
});

function toPage(row: PageRow): Page {
  return {
    id: row.id,
    cause: row.cause,
    code: row.code,
    run_id: row.run_id,
    opened_at: row.opened_at,
    count: digits(row.count),
    acknowledged_by: row.acknowledged_by,
    acknowledged_at: row.acknowledged_at,
  };
}

export const acknowledgePage: Handler<'pages.acknowledge'> = async (api, { caller, params }) => {
  refuseIf(
    await asCaller(api, caller, (transaction) =>
      transaction.value<Outcome>('select app.acknowledge_page($1, $2)', [params.id, caller.userId]),
    ),
  );
  return { status: 204 };
};
