import type { MailPreference } from '../../contract/wire/webhook';
import type { Transaction } from '../../db/transaction';
import type { Caller } from '../caller';
import { asCaller, type Handler } from '../context';
import { refuseIf, type Outcome } from '../problem';

/** How the caller is written to. */
export const getNotifications: Handler<'notifications.get'> = async (api, { caller }) => ({
  status: 200,
  body: await asCaller(api, caller, (transaction) => readPreference(transaction, caller)),
});

export const putNotifications: Handler<'notifications.put'> = async (api, { caller, body }) => ({
  status: 200,
  body: await asCaller(api, caller, async (transaction) => {
    refuseIf(
      await transaction.value<Outcome>('select app.set_mail_preference($1, $2)', [body.mail, caller.userId]),
    );
    return await readPreference(transaction, caller);
  }),
});

async function readPreference(
  transaction: Transaction,
  { userId }: Caller,
): Promise<{ readonly mail: MailPreference; readonly email: string | null }> {
  const [row] = await transaction.rows<{ mail: MailPreference | null; email: string | null }>(
    `select p.preference as mail, m.email from app.members m left join app.mail_preferences p on p.user_id = m.user_id
     where m.user_id = $1`,
    [userId],
  );
  return { mail: row?.mail ?? 'each', email: row?.email ?? null };
}
