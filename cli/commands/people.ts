import { Option, type Command } from 'commander';
import { ROLES, type Role } from '../../contract/states';
import type { Member, Tenant } from '../../contract/wire/tenant';
import { allItems } from '../all-items';
import { contextOf } from '../context';
import { fields, show, table } from '../output';

interface TenantOptions {
  readonly kind: 'farm' | 'hospital';
  readonly name: string;
  readonly currency: string;
  readonly units: 'metric' | 'imperial';
  readonly timeZone: string;
  readonly place: readonly string[];
  readonly dailyBudget: string;
  readonly admin: string;
}

/** `tenant`, `member` and `key`. */
export function addPeopleCommands(program: Command): void {
  addTenant(program);
  addMember(program);
  addKey(program);
  program
    .command('whoami')
    .description('whose key this is')
    .action(async (_options: object, command: Command) => {
      const { output, client } = contextOf(command);
      const me = await client().me();
      show(output, me, () =>
        fields([
          ['tenant', `${me.tenant.id} (${me.tenant.name})`],
          ['member', `${me.member.user_id} (${me.member.display_name})`],
          ['roles', me.member.roles.join(', ')],
          ['key', me.key_id],
        ]),
      );
    });
}

function addTenant(program: Command): void {
  const tenant = program
    .command('tenant')
    .description('tenants: all of them for the platform, else your own');
  tenant
    .command('list')
    .description('tenants that you may see')
    .action(async (_options: object, command: Command) => {
      const { output, client } = contextOf(command);
      const tenants = await allItems((cursor) => client().tenants.list({ cursor }));
      show(output, tenants, () => tenantTable(tenants.items));
    });
  tenant
    .command('create <id>')
    .description('create a tenant with its first admin; prints the admin’s token, this once')
    .addOption(new Option('--kind <kind>', 'what it is').choices(['farm', 'hospital']).makeOptionMandatory())
    .requiredOption('--name <name>', 'what people call it')
    .requiredOption('--admin <name>', 'the display name of its first admin')
    .requiredOption('--currency <code>', 'ISO 4217, e.g. NGN')
    .requiredOption('--time-zone <zone>', 'IANA name, e.g. Africa/Lagos')
    .addOption(new Option('--units <units>', 'of measure').choices(['metric', 'imperial']).default('metric'))
    .option('--place <name>', 'a named place; may be repeated', collect, [])
    .option('--daily-budget <nano-dollars>', "what a day's calls may cost", '10000000000')
    .action(async (id: string, options: TenantOptions, command: Command) => {
      const { output, client } = contextOf(command);
      const created = await client().tenants.create({
        id,
        kind: options.kind,
        name: options.name,
        currency: options.currency,
        units: options.units,
        time_zone: options.timeZone,
        places: [...options.place],
        daily_token_budget_nano_usd: options.dailyBudget,
        admin: { display_name: options.admin },
      });
      show(output, created, () => [
        ...tenantTable([created.tenant]),
        '',
        ...fields([
          ['admin', created.admin.display_name],
          ['token', created.key.token],
        ]),
      ]);
    });
}

function addMember(program: Command): void {
  const member = program.command('member').description('members of the tenant');
  member
    .command('list')
    .description('members of the tenant')
    .action(async (_options: object, command: Command) => {
      const { output, client } = contextOf(command);
      const members = await allItems((cursor) => client().members.list({ cursor }));
      show(output, members, () => memberTable(members.items));
    });
  member
    .command('add <name>')
    .description('add a person or a service')
    .addOption(rolesOption().makeOptionMandatory())
    .addOption(
      new Option('--kind <kind>', 'a service holds no seat').choices(['person', 'service']).default('person'),
    )
    .option('--email <address>', 'where the member is written to')
    .action(
      async (
        name: string,
        options: { roles: Role[]; kind: 'person' | 'service'; email?: string },
        command: Command,
      ) => {
        const { output, client } = contextOf(command);
        const added = await client().members.create({
          display_name: name,
          roles: options.roles,
          kind: options.kind,
          ...(options.email === undefined ? {} : { email: options.email }),
        });
        show(output, added, () => memberTable([added]));
      },
    );
  member
    .command('change <user>')
    .description('change name, roles, activity or e-mail address')
    .option('--name <name>', 'the display name')
    .addOption(rolesOption())
    .option('--deactivate', 'end the membership; its keys no longer open anything')
    .option('--activate', 'take it up again')
    .option('--email <address>', 'where the member is written to')
    .option('--no-email', 'take the address away')
    .action(async (user: string, options: ChangeOptions, command: Command) => {
      const { output, client } = contextOf(command);
      const changed = await client().members.change(user, changeOf(options));
      show(output, changed, () => memberTable([changed]));
    });
}

interface ChangeOptions {
  readonly name?: string;
  readonly roles?: Role[];
  readonly deactivate?: boolean;
  readonly activate?: boolean;
  /** False takes the address away. */
  readonly email?: string | false;
}

function changeOf({ name, roles, deactivate, activate, email }: ChangeOptions) {
  return {
    ...(name === undefined ? {} : { display_name: name }),
    ...(roles === undefined ? {} : { roles }),
    ...(deactivate === true ? { active: false } : {}),
    ...(activate === true ? { active: true } : {}),
    ...(email === undefined ? {} : { email: email === false ? null : email }),
  };
}

function addKey(program: Command): void {
  const key = program.command('key').description('keys of the tenant');
  key
    .command('list')
    .description('keys, without their secrets')
    .action(async (_options: object, command: Command) => {
      const { output, client } = contextOf(command);
      const keys = await allItems((cursor) => client().keys.list({ cursor }));
      show(output, keys, () =>
        table(
          ['key', 'member', 'label', 'signed in by', 'created', 'expires', 'revoked'],
          keys.items.map((one) => [
            one.id,
            one.user_id,
            one.label,
            one.auth_method,
            one.created_at,
            one.expires_at,
            one.revoked_at,
          ]),
        ),
      );
    });
  key
    .command('create <user>')
    .description('make a key for a member; its token is shown this once')
    .requiredOption('--label <text>', 'what it is for')
    .option('--expires-at <time>', 'RFC 3339 in UTC')
    .action(async (user: string, options: { label: string; expiresAt?: string }, command: Command) => {
      const { output, client } = contextOf(command);
      const created = await client().keys.create({
        user_id: user,
        label: options.label,
        expires_at: options.expiresAt ?? null,
      });
      show(output, created, () =>
        fields([
          ['key', created.id],
          ['token', created.token],
        ]),
      );
    });
  key
    .command('revoke <key>')
    .description('revoke a key for good')
    .action(async (id: string, _options: object, command: Command) => {
      const { output, client } = contextOf(command);
      await client().keys.revoke(id);
      show(output, { key_id: id, revoked: true }, () => ['Revoked.']);
    });
}

function rolesOption(): Option {
  return new Option('--roles <roles>', ROLES.join(', ')).argParser((text) =>
    text.split(',').map((role) => role.trim()),
  );
}

function tenantTable(tenants: readonly Tenant[]): string[] {
  return table(
    ['tenant', 'kind', 'name', 'currency', 'time zone', 'places'],
    tenants.map((one) => [one.id, one.kind, one.name, one.currency, one.time_zone, one.places.join(', ')]),
  );
}

function memberTable(members: readonly Member[]): string[] {
  return table(
    ['member', 'name', 'kind', 'roles', 'active', 'e-mail'],
    members.map((one) => [
      one.user_id,
      one.display_name,
      one.kind,
      one.roles.join(', '),
      one.active,
      one.email ?? '',
    ]),
  );
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}
