import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Gate } from '../../contract/wire/gate';
import type { Run } from '../../contract/wire/run';
import { testApi } from '../api/support/server';
import { governedRuns } from '../support/governed';
import type { Person } from '../support/world';
import { runCli, type CliResult } from './support/run-cli';

const governed = governedRuns();
const api = testApi(() => ({
  database: governed.database,
  world: governed.world,
  temporal: { ...governed.temporal, taskQueue: governed.taskQueue },
}));

const folder = mkdtempSync(join(tmpdir(), 'countersign-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string): string => join(folder, name);

const cli = (person: Person, ...args: string[]): Promise<CliResult> =>
  runCli(args, { COUNTERSIGN_URL: api.url, COUNTERSIGN_KEY: person.token });
const asOwner = (...args: string[]): Promise<CliResult> => cli(governed.world.farm.owner, ...args);
const asHand = (...args: string[]): Promise<CliResult> => cli(governed.world.farm.hand, ...args);

/** Sends a note and returns its run with the gates that are open. */
async function noted(note: string): Promise<{ readonly run: Run; readonly gates: readonly Gate[] }> {
  const sent = await asHand('--json', 'run', 'farm.record', '--set', `note=${note}`, '--wait', '20');
  expect(sent.status).toBe(0);
  const run = sent.json() as Run;
  const listed = (await asOwner('--json', 'gates', '--limit', '200')).json() as { items: Gate[] };
  return { run, gates: listed.items.filter((gate) => gate.run_id === run.id) };
}

describe('asking and deciding', () => {
  it('records a note from the command line to the record that it becomes', async () => {
    const { run, gates } = await noted('12 broilers died in House 3 and we sold 30 crates of eggs for 45k');
    expect(gates.map(({ record_type }) => record_type).sort()).toEqual(['mortality', 'sale']);
    const [mortality, sale] = [...gates].sort((a, b) => a.record_type.localeCompare(b.record_type));
    const shown = await asOwner('gates', mortality?.id ?? '');
    expect(shown.out).toContain('12');
    expect(shown.out).toContain('House 3');

    const approved = await asOwner('approve', mortality?.id ?? '', '--reason-code', 'correct');
    expect(approved).toMatchObject({ status: 0, err: '' });
    expect(approved.out).toContain('The gate is approved.');
    const rejected = await asOwner('--json', 'reject', sale?.id ?? '', '--reason-code', 'wrong_number');
    expect(rejected.json()).toMatchObject({ verdict: 'reject', reason_code: 'wrong_number' });

    const records = (await asOwner('--json', 'records')).json() as {
      items: { run_id: string; payload: unknown }[];
    };
    const written = records.items.filter(({ run_id }) => run_id === run.id);
    expect(written.map(({ payload }) => payload)).toMatchObject([{ count: 12, place: 'House 3' }]);
    const told = await asOwner('runs', run.id);
    expect(told.out).toContain('mortality (destructive)');
    expect(told.out).toContain('farm-notes-1');
    expect((await asOwner('ledger')).out).toContain(run.id);
  });

  it('writes what a reviewer edited, from a file', async () => {
    const { gates } = await noted('sold 20 crates of eggs for 30k');
    const [gate] = gates;
    writeFileSync(file('edits.json'), JSON.stringify({ ...gate?.payload, total_minor: '3100000' }));
    const approved = await asOwner(
      ...['--json', 'approve', gate?.id ?? '', '--reason-code', 'correct', '--edits', file('edits.json')],
    );
    expect(approved.json()).toMatchObject({ verdict: 'approve', edits: { total_minor: '3100000' } });
  });

  it('exits 4 and says who was first when the gate is closed', async () => {
    const { gates } = await noted('2 broilers died in House 1');
    const id = gates[0]?.id ?? '';
    expect((await asOwner('approve', id, '--reason-code', 'correct')).status).toBe(0);
    const late = await asOwner('reject', id, '--reason-code', 'other');
    expect(late).toMatchObject({ status: 4, out: '' });
    expect(late.err).toContain('gate_closed');
    expect(late.err).toContain('approved');
  });

  it('exits 4 when the gate is not the version that was seen', async () => {
    const { gates } = await noted('3 broilers died in House 1');
    const stale = await asOwner(
      'approve',
      gates[0]?.id ?? '',
      '--gate-version',
      '7',
      '--reason-code',
      'correct',
    );
    expect(stale.status).toBe(4);
    expect(stale.err).toContain('gate_changed');
  });

  it('exits 4 when a reason is missing, with the problem as JSON for programs', async () => {
    const { gates } = await noted('4 broilers died in House 1');
    const refused = await asOwner('--json', 'approve', gates[0]?.id ?? '');
    expect(refused.status).toBe(4);
    expect(JSON.parse(refused.err)).toMatchObject({
      code: 'rationale_required',
      status: 422,
      retryable: false,
    });
  });

  it('is one run under one key', async () => {
    const args = ['--json', 'run', 'farm.record', '--input', file('note.json'), '--idempotency-key', 'once'];
    writeFileSync(
      file('note.json'),
      JSON.stringify({ note: 'all quiet', occurred_at: '2026-11-20T08:00:00Z' }),
    );
    const first = (await asHand(...args)).json() as Run;
    const again = (await asHand(...args)).json() as Run;
    expect(again.id).toBe(first.id);
    expect(again).toMatchObject({ state: 'closed', outcome: 'nothing' });
  });
});

describe('the chain', () => {
  it('verifies, keeps the head it reached, and holds against it later', async () => {
    const first = await asOwner('audit', 'verify', '--save-head', file('head.json'));
    expect(first).toMatchObject({ status: 0, err: '' });
    expect(first.out).toContain('The chain holds');
    await noted('5 broilers died in House 2');
    const later = await asOwner('--json', 'audit', 'verify', '--anchor', file('head.json'));
    expect(later).toMatchObject({ status: 0 });
    expect(later.json()).toMatchObject({ holds: true });
  });

  it('exits 1 when the chain does not pass through what was kept', async () => {
    const head = JSON.parse(readFileSync(file('head.json'), 'utf8')) as { seq: string; entry_hash: string };
    writeFileSync(file('other.json'), JSON.stringify({ ...head, entry_hash: '0'.repeat(64) }));
    const report = await asOwner('audit', 'verify', '--anchor', file('other.json'));
    expect(report.status).toBe(1);
    expect(report.out).toContain(`anchor_differs at ${head.seq}`);
  });

  it('exits 1 when the chain is shorter than what was kept', async () => {
    writeFileSync(file('beyond.json'), JSON.stringify({ seq: '99999', entry_hash: '0'.repeat(64) }));
    const report = await asOwner('audit', 'verify', '--anchor', file('beyond.json'));
    expect(report.status).toBe(1);
    expect(report.out).toContain('anchor_missing');
  });
});

describe('settings and people', () => {
  it('changes the policy, and refuses what a policy does not have', async () => {
    const paused = await asOwner('--json', 'policy', 'set', '--pause', '--reason', 'a test');
    expect(paused.json()).toMatchObject({ paused: true, reason: 'a test' });
    const refused = await asHand('run', 'farm.record', '--set', 'note=all quiet');
    expect(refused.status).toBe(4);
    expect(refused.err).toContain('tenant_paused');
    expect((await asOwner('policy', 'set', '--resume', '--reason', 'a test')).status).toBe(0);
    writeFileSync(file('policy.json'), JSON.stringify({ tier: 'auto' }));
    const unknown = await asOwner('policy', 'set', file('policy.json'), '--reason', 'a test');
    expect(unknown).toMatchObject({ status: 2 });
  });

  it('adds a member with a key that opens the API, and revokes it', async () => {
    const member = (
      await asOwner('--json', 'member', 'add', 'Second reviewer', '--roles', 'reviewer,requester')
    ).json() as { user_id: string };
    const key = (await asOwner('--json', 'key', 'create', member.user_id, '--label', 'test')).json() as {
      id: string;
      token: string;
    };
    const environment = { COUNTERSIGN_URL: api.url, COUNTERSIGN_KEY: key.token };
    const who = await runCli(['whoami'], environment);
    expect(who.out).toContain('Second reviewer');
    expect((await asOwner('key', 'revoke', key.id)).status).toBe(0);
    expect(await runCli(['whoami'], environment)).toMatchObject({ status: 5 });
    const left = await asOwner('--json', 'member', 'change', member.user_id, '--deactivate');
    expect(left.json()).toMatchObject({ active: false });
  });

  it('creates a tenant as the platform, grants it credits once by key, and shows both', async () => {
    const platform = governed.world.platformAdmin;
    const created = await cli(
      platform,
      ...[
        'tenant',
        'create',
        'small-farm',
        '--kind',
        'farm',
        '--name',
        'A small farm',
        '--admin',
        'Small owner',
      ],
      ...['--currency', 'NGN', '--time-zone', 'Africa/Lagos', '--place', 'Pond 1'],
    );
    expect(created.status).toBe(0);
    const token = /cs_[a-z0-9]{16}_[\w-]{43}/.exec(created.out)?.[0] ?? '';
    const grant = ['credits', 'grant', 'small-farm', '5', '--idempotency-key', 'first'];
    expect((await cli(platform, ...grant)).out).toContain('5 credits');
    expect((await cli(platform, ...grant)).out).toContain('5 credits');
    const balance = await runCli(['--json', 'credits'], { COUNTERSIGN_URL: api.url, COUNTERSIGN_KEY: token });
    expect(balance.json()).toMatchObject({ tenant_id: 'small-farm', balance_credits: '5' });
    expect((await cli(platform, 'tenant', 'list')).out).toContain('Pond 1');
  });

  it.each([
    ['purposes', 'farm.record'],
    ['vendors', 'not applicable'],
    ['prices', 'farm-notes-1'],
    ['pages', 'tenant_paused'],
    ['decisions', 'mortality'],
    ['key list', 'local_token'],
    ['member list', 'requester'],
    ['audit events', 'credit.granted'],
    ['audit head', 'entry_hash'],
  ])('prints %s as a table for people and one document for programs', async (command, said) => {
    const people = await asOwner(...command.split(' '));
    expect(people).toMatchObject({ status: 0, err: '' });
    expect(people.out).toContain(said);
    const programs = await asOwner('--json', ...command.split(' '));
    expect(typeof programs.json()).toBe('object');
  });
});

describe('exit statuses', () => {
  const nobody = { COUNTERSIGN_URL: 'http://127.0.0.1:9', COUNTERSIGN_KEY: 'cs_nobody' };

  it('are documented in the help', async () => {
    const help = await runCli(['--help']);
    expect(help.status).toBe(0);
    for (const status of ['0', '1', '2', '3', '4', '5', '6', '130'])
      expect(help.out).toMatch(new RegExp(`^  ${status} `, 'm'));
  });

  it.each([
    ['an unknown command', ['fly']],
    ['a missing argument', ['approve']],
    ['an option out of its range', ['runs', '--limit', '1000']],
    ['an input that is no file', ['run', 'farm.record', '--input', '/nowhere/at/all.json']],
    ['a field that is no pair', ['run', 'farm.record', '--set', 'note']],
    ['an input that does not fit', ['run', 'farm.record', '--set', 'wrong=1']],
  ])('are 2 for %s', async (_what, args) => {
    expect((await asHand(...args)).status).toBe(2);
  });

  it('are 2 where no stack and no key is known', async () => {
    const empty = { COUNTERSIGN_HOME: file('empty') };
    expect(await runCli(['runs'], empty)).toMatchObject({ status: 2 });
    expect(await runCli(['runs', '--as', 'somebody'], { ...empty, COUNTERSIGN_URL: api.url })).toMatchObject({
      status: 2,
    });
    expect(await runCli(['migrate'], empty)).toMatchObject({ status: 2 });
  });

  it('are 4 for what is not there', async () => {
    expect((await asOwner('runs', '00000000-0000-7000-8000-000000000000')).status).toBe(4);
  });

  it('are 5 for an unknown key and for roles that are missing', async () => {
    expect((await runCli(['runs'], { ...nobody, COUNTERSIGN_URL: api.url })).status).toBe(5);
    expect((await asHand('ledger')).status).toBe(5);
  });

  it('are 6 when nobody answers', async () => {
    const unreachable = await runCli(['runs'], nobody);
    expect(unreachable.status).toBe(6);
    expect(unreachable.err).toContain('unreachable');
  });

  it.each(['migrate', 'bootstrap'])('are 6 for %s of a database that does not answer', async (command) => {
    const found = await runCli([command], { DATABASE_URL: 'postgres://nobody@localhost:9/nothing' });
    expect(found.status).toBe(6);
    expect(found.err).toMatch(/^The database does not answer \(connect ECONNREFUSED .*\): see that it is up/);
  });

  it('are 6 for a stack that does not run, with every check named and what to do', async () => {
    const found = await runCli(['--json', 'doctor'], { COUNTERSIGN_HOME: file('empty') });
    expect(found.status).toBe(6);
    const { checks } = found.json() as { checks: { name: string; verdict: string; remedy?: string }[] };
    expect(checks.map(({ name }) => name)).toEqual([
      ...['Node', 'build', 'processes', 'database', 'Temporal', 'API', 'agreements', 'prices', 'keys'],
    ]);
    expect(checks.find(({ name }) => name === 'processes')).toMatchObject({
      verdict: 'away',
      remedy: 'countersign start (in a checkout: npm start)',
    });
  });
});
