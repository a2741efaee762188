import { Argument, type Command } from 'commander';
import type { Client } from '../../client/index';
import { VERDICTS, type Verdict } from '../../contract/states';
import { contextOf } from '../context';
import { findGate } from '../find-gate';
import { positive } from '../arguments';
import { show, table } from '../output';

interface Reasoned {
  readonly reason: string;
  readonly seconds?: number;
}

/** What people do at a gate beside deciding: hold it, take it, give it, ask, answer and comment; and decide many at once. */
export function addQueueCommands(program: Command): void {
  addLeases(program);
  addHandovers(program);
  addTalk(program);
  program
    .command('decide')
    .addArgument(new Argument('<verdict>', 'on all of them').choices([...VERDICTS]))
    .argument('<gates...>', 'at most 100, routine, of one record type and policy')
    .description('one verdict on many gates as they are now, each decided by itself')
    .option('--reason-code <code>', "one of the gates' reason codes")
    .option('--rationale <text>', 'why')
    .option('--idempotency-key <key>', 'the same key is the same verdicts; a random one by default')
    .action(async (verdict: Verdict, ids: readonly string[], options: BulkOptions, command: Command) => {
      const { output, client } = contextOf(command);
      const answer = await decideTogether(client(), verdict, ids, options);
      show(output, answer, () =>
        table(
          ['gate', 'status', 'decision', 'why not'],
          answer.items.map((one) => [one.gate_id, one.status, one.decision_id, one.code]),
        ),
      );
    });
}

interface BulkOptions {
  readonly reasonCode?: string;
  readonly rationale?: string;
  readonly idempotencyKey?: string;
}

async function decideTogether(
  client: Client,
  verdict: Verdict,
  ids: readonly string[],
  options: BulkOptions,
) {
  const gates = await Promise.all(ids.map(async (id) => await client.gates.get(await findGate(client, id))));
  return await client.decisions.create(
    {
      verdict,
      ...(options.reasonCode === undefined ? {} : { reason_code: options.reasonCode }),
      ...(options.rationale === undefined ? {} : { rationale: options.rationale }),
      gates: gates.map((gate) => ({
        gate_id: gate.id,
        gate_version: gate.version,
        proposal_hash: gate.proposal_hash,
        shown_hash: gate.shown_hash ?? '',
      })),
    },
    options.idempotencyKey,
  );
}

function addLeases(program: Command): void {
  program
    .command('claim <gate>')
    .description('hold a gate for a while')
    .option('--seconds <number>', 'how long (30 to 3600)', positive, 300)
    .action(async (id: string, options: { readonly seconds: number }, command: Command) => {
      const { output, client } = contextOf(command);
      const claim = await client().gates.claim(await findGate(client(), id), options.seconds);
      show(output, claim, () => [`Yours until ${claim.claimed_until}`]);
    });
  program
    .command('heartbeat <gate>')
    .description('hold on to a gate that you hold')
    .option('--seconds <number>', 'how long (30 to 3600)', positive, 300)
    .action(async (id: string, options: { readonly seconds: number }, command: Command) => {
      const { output, client } = contextOf(command);
      const claim = await client().gates.renew(await findGate(client(), id), options.seconds);
      show(output, claim, () => [`Yours until ${claim.claimed_until}`]);
    });
  program
    .command('release <gate>')
    .description('give a held gate back')
    .action(async (id: string, _options: object, command: Command) => {
      const { output, client } = contextOf(command);
      const answer = await client().gates.release(await findGate(client(), id));
      show(output, answer, () => [answer.released ? 'Released.' : 'You did not hold it.']);
    });
}

function addHandovers(program: Command): void {
  program
    .command('steal <gate>')
    .description('take a gate from whoever holds it')
    .requiredOption('--from <user>', 'the holder, as `gates <id>` names it')
    .requiredOption('--reason <text>', 'why; everybody who sees the gate sees it')
    .option('--seconds <number>', 'how long (30 to 3600)', positive)
    .action(async (id: string, options: Reasoned & { readonly from: string }, command: Command) => {
      const { output, client } = contextOf(command);
      const claim = await client().gates.steal(await findGate(client(), id), {
        ...options,
        seconds: options.seconds ?? 300,
      });
      show(output, claim, () => [`Yours until ${claim.claimed_until}`]);
    });
  program
    .command('reassign <gate> <user>')
    .description('give a gate to somebody who could decide about it')
    .requiredOption('--reason <text>', 'why')
    .option('--seconds <number>', 'how long (30 to 86400)', positive)
    .action(async (id: string, to: string, options: Reasoned, command: Command) => {
      const { output, client } = contextOf(command);
      const { reason, seconds = 28_800 } = options;
      const given = await client().gates.reassign(await findGate(client(), id), { to, reason, seconds });
      show(output, given, () => [`Theirs until ${given.claimed_until}`]);
    });
}

function addTalk(program: Command): void {
  program
    .command('ask <gate> <text>')
    .description('ask whoever asked for the run; the clocks of the gate run on')
    .action(async (id: string, text: string, _options: object, command: Command) => {
      const { output, client } = contextOf(command);
      const asked = await client().gates.ask(await findGate(client(), id), text);
      show(output, asked, () => [`Asked: ${asked.id}`]);
    });
  program
    .command('answer <gate> <question> <text>')
    .description('answer what a reviewer asked about a run of yours')
    .action(async (id: string, question: string, text: string, _options: object, command: Command) => {
      const { output, client } = contextOf(command);
      show(output, await client().gates.answer(await findGate(client(), id), question, text), () => [
        'Answered.',
      ]);
    });
  program
    .command('comment <gate> <text>')
    .description('comment on a gate')
    .action(async (id: string, text: string, _options: object, command: Command) => {
      const { output, client } = contextOf(command);
      show(output, await client().gates.comment(await findGate(client(), id), text), () => ['Noted.']);
    });
  program
    .command('recuse <gate>')
    .description('declare a conflict: you hold no seat of this gate from now on')
    .action(async (id: string, _options: object, command: Command) => {
      const { output, client } = contextOf(command);
      show(output, await client().gates.recuse(await findGate(client(), id)), () => [
        'Noted: you hold no seat of this gate.',
      ]);
    });
}
