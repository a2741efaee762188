import { Argument, Option, type Command } from 'commander';
import { SUBSCRIBED_TYPES, type SubscribedType } from '../../contract/webhooks';
import type { Delivery, MailPreference, Webhook } from '../../contract/wire/webhook';
import { allItems } from '../all-items';
import { ago, listLimit } from '../arguments';
import { contextOf } from '../context';
import { UsageError } from '../exit-codes';
import { fields, properties, show, table } from '../output';

interface ReplayOptions {
  readonly delivery?: string;
  readonly since?: Date;
}

/** `webhooks`: other programs that are told of what happens, and what became of telling them. `notifications`: people. */
export function addWebhookCommands(program: Command): void {
  const webhooks = program
    .command('webhooks')
    .description('programs that are told of what happens, by signed messages (Standard Webhooks)');
  addListing(webhooks);
  addChanging(webhooks);
  addSending(webhooks);
  program
    .command('notifications')
    .addArgument(new Argument('[how]', 'how from now on').choices(['none', 'digest', 'each']))
    .description('how you are written to: each notice, one digest an hour, or no mail')
    .action(async (how: MailPreference | undefined, _options: object, command: Command) => {
      const { output, client } = contextOf(command);
      const { notifications } = client();
      const said = how === undefined ? await notifications.get() : await notifications.put({ mail: how });
      show(output, said, () => properties(said));
    });
}

function addListing(webhooks: Command): void {
  webhooks
    .command('list')
    .description('webhooks of the tenant')
    .action(async (_options: object, command: Command) => {
      const { output, client } = contextOf(command);
      const all = await allItems((cursor) => client().webhooks.list({ cursor }));
      show(output, all, () => webhookTable(all.items));
    });
  webhooks
    .command('show <id>')
    .description('one webhook')
    .action(async (id: string, _options: object, command: Command) => {
      const { output, client } = contextOf(command);
      const one = await client().webhooks.get(id);
      show(output, one, () => properties(one));
    });
  webhooks
    .command('types')
    .description('what webhooks can be told of, each with an example')
    .action(async (_options: object, command: Command) => {
      const { output, client } = contextOf(command);
      const types = await client().webhooks.types();
      show(output, types, () =>
        types.items.flatMap(({ type, summary, example }) => [
          `${type}  ${summary}`,
          JSON.stringify(example),
          '',
        ]),
      );
    });
}

function addChanging(webhooks: Command): void {
  webhooks
    .command('add <url>')
    .description('add a webhook; prints its secret, this once')
    .addOption(types('what it is told of; else of everything'))
    .action(async (url: string, { type }: { type?: SubscribedType[] }, command: Command) => {
      const { output, client } = contextOf(command);
      const created = await client().webhooks.create({
        url,
        ...(type === undefined ? {} : { event_types: type }),
      });
      show(output, created, () =>
        fields([
          ['webhook', created.id],
          ['secret', created.secret],
        ]),
      );
    });
  webhooks
    .command('change <id>')
    .description('change what it is told of')
    .addOption(types('what it is told of from now on').makeOptionMandatory())
    .action(async (id: string, { type }: { type: SubscribedType[] }, command: Command) => {
      const { output, client } = contextOf(command);
      const one = await client().webhooks.change(id, { event_types: type });
      show(output, one, () => webhookTable([one]));
    });
  for (const [name, state] of [
    ['enable', 'active'],
    ['disable', 'disabled'],
  ] as const)
    webhooks
      .command(`${name} <id>`)
      .description(state === 'active' ? 'send to it again' : 'send nothing to it; what waits ends')
      .action(async (id: string, _options: object, command: Command) => {
        const { output, client } = contextOf(command);
        const one = await client().webhooks.change(id, { state });
        show(output, one, () => webhookTable([one]));
      });
  webhooks
    .command('rotate <id>')
    .description('give it its next secret, printed this once; the one before signs for a day beside it')
    .action(async (id: string, _options: object, command: Command) => {
      const { output, client } = contextOf(command);
      const rotated = await client().webhooks.rotate(id);
      show(output, rotated, () =>
        fields([
          ['secret', rotated.secret],
          ['the one before signs until', rotated.previous_secret_until ?? ''],
        ]),
      );
    });
  webhooks
    .command('delete <id>')
    .description('delete it')
    .action(async (id: string, _options: object, command: Command) => {
      const { output, client } = contextOf(command);
      await client().webhooks.delete(id);
      show(output, { deleted: id }, () => [`Deleted ${id}`]);
    });
}

function addSending(webhooks: Command): void {
  webhooks
    .command('ping <id>')
    .description('send it a message that tells of nothing')
    .action(async (id: string, _options: object, command: Command) => {
      const { output, client } = contextOf(command);
      const queued = await client().webhooks.ping(id);
      show(output, queued, () => [`Queued ${queued.delivery_id}`]);
    });
  webhooks
    .command('deliveries <id>')
    .description('messages to it and what became of them, newest first')
    .addOption(new Option('--state <state>', 'only these').choices(['pending', 'delivered', 'failed']))
    .option('--limit <n>', 'so many', listLimit, 50)
    .action(async (id: string, options: { state?: Delivery['state']; limit: number }, command: Command) => {
      const { output, client } = contextOf(command);
      const page = await client().webhooks.deliveries(id, options);
      show(output, page, () => deliveryTable(page.items));
    });
  webhooks
    .command('replay <id>')
    .description('send messages to it again, under the ids that they had')
    .option('--delivery <id>', 'this one, whatever became of it')
    .option('--since <time>', 'those that failed since then: 12h, 2d or an instant', ago)
    .action(async (id: string, { delivery, since }: ReplayOptions, command: Command) => {
      const { output, client } = contextOf(command);
      if ((delivery === undefined) === (since === undefined))
        throw new UsageError('Say which: --delivery <id> or --since <time>.');
      const queued = await client().webhooks.replay(
        id,
        delivery === undefined
          ? { from: (since ?? new Date()).toISOString(), until: new Date().toISOString() }
          : { delivery_id: delivery },
      );
      show(output, queued, () => [`Queued ${queued.messages}`]);
    });
}

function types(description: string): Option {
  return new Option('--type <type...>', description).choices(SUBSCRIBED_TYPES);
}

function webhookTable(webhooks: readonly Webhook[]): string[] {
  return table(
    ['webhook', 'address', 'state', 'told of'],
    webhooks.map((one) => [
      one.id,
      one.url,
      one.code === null ? one.state : `${one.state}: ${one.code}`,
      one.event_types.join(' '),
    ]),
  );
}

function deliveryTable(deliveries: readonly Delivery[]): string[] {
  return table(
    ['message', 'type', 'state', 'attempts', 'last answer', 'next'],
    deliveries.map((one) => {
      const last = one.attempts.at(-1);
      return [
        one.id,
        one.type,
        one.state,
        String(one.attempts.length),
        last === undefined ? '' : [last.status, last.code].filter((part) => part !== null).join(' '),
        one.next_at ?? '',
      ];
    }),
  );
}
