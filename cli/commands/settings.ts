import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import type { PolicyRequest } from '../../contract/wire/policy';
import { contextOf } from '../context';
import { UsageError } from '../exit-codes';
import { readJson } from '../input';
import { listLimit, positive } from '../arguments';
import { fields, properties, show, table } from '../output';

/** `credits`, `policy` and `pages`. */
export function addSettingCommands(program: Command): void {
  addCredits(program);
  addPolicy(program);
  addPages(program);
}

function addCredits(program: Command): void {
  const credits = program.command('credits').description("the tenant's account");
  credits
    .command('show', { isDefault: true })
    .description('balance, and what of today’s budget is held and spent')
    .action(async (_options: object, command: Command) => {
      const { output, client } = contextOf(command);
      const account = await client().credits.get();
      show(output, account, () => fields(Object.entries(account)));
    });
  credits
    .command('grant <tenant> <credits>')
    .description('grant credits, as the platform')
    .option('--idempotency-key <key>', 'the same key is the same grant; a random one by default')
    .action(
      async (tenant: string, amount: string, options: { idempotencyKey?: string }, command: Command) => {
        const { output, client } = contextOf(command);
        const granted = await client().credits.grant(
          { tenant_id: tenant, amount_credits: amount },
          options.idempotencyKey ?? randomUUID(),
        );
        show(output, granted, () => [`${tenant} now has ${granted.balance_credits} credits.`]);
      },
    );
}

function addPolicy(program: Command): void {
  const policy = program.command('policy').description('what the tenant lets AI do');
  policy
    .command('show', { isDefault: true })
    .description('the policy that holds now')
    .action(async (_options: object, command: Command) => {
      const { output, client } = contextOf(command);
      const present = await client().policy.get();
      show(output, present, () => properties(present));
    });
  policy
    .command('set [fields]')
    .description('save the next version: a JSON file (or -) with the fields that change')
    .requiredOption('--reason <text>', 'why it is changed')
    .option('--pause', 'pause all AI of the tenant')
    .option('--resume', 'end the pause')
    .option(
      '--if-version <number>',
      'the version that you saw; refused when another was saved since',
      positive,
    )
    .action(async (file: string | undefined, options: PolicyOptions, command: Command) => {
      const { output, client } = contextOf(command);
      const {
        version,
        tenant_id: _tenant,
        set_by: _by,
        set_at: _at,
        ...present
      } = await client().policy.get();
      const changes = { ...(file === undefined ? {} : await readJson(file)), ...pauseOf(options) };
      const unknown = Object.keys(changes).filter((name) => !(name in present));
      if (unknown.length > 0) throw new UsageError(`A policy has no ${unknown.join(', ')}.`);
      // The API checks every field against its schema; here only the names can be known to fit.
      const next = { ...present, ...changes, reason: options.reason } as PolicyRequest;
      const saved = await client().policy.put(next, { version: options.ifVersion ?? version });
      show(output, saved, () => properties(saved));
    });
}

interface PolicyOptions {
  readonly reason: string;
  readonly pause?: boolean;
  readonly resume?: boolean;
  readonly ifVersion?: number;
}

function pauseOf({ pause, resume }: PolicyOptions): { readonly paused?: boolean } {
  if (pause === true && resume === true) throw new UsageError('--pause and --resume exclude one another.');
  if (pause === true) return { paused: true };
  return resume === true ? { paused: false } : {};
}

function addPages(program: Command): void {
  const pages = program.command('pages').description('what operations were paged about');
  pages
    .command('list', { isDefault: true })
    .description('pages, newest first')
    .option('--open', 'only what nobody has acknowledged')
    .option('--limit <number>', 'at most so many', listLimit, 50)
    .action(async (options: { readonly open?: boolean; readonly limit: number }, command: Command) => {
      const { output, client } = contextOf(command);
      const list = await client().pages.list({
        limit: options.limit,
        open: options.open === true ? 'true' : undefined,
      });
      show(output, list, () =>
        table(
          ['page', 'cause', 'code', 'count', 'run', 'opened', 'acknowledged'],
          list.items.map((one) => [
            one.id,
            one.cause,
            one.code,
            one.count,
            one.run_id,
            one.opened_at,
            one.acknowledged_at,
          ]),
        ),
      );
    });
  pages
    .command('acknowledge <id>')
    .description('acknowledge a page, so that its cause pages again')
    .action(async (id: string, _options: object, command: Command) => {
      const { output, client } = contextOf(command);
      await client().pages.acknowledge(id);
      show(output, { id, acknowledged: true }, () => ['Acknowledged.']);
    });
}
