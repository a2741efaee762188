import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import type { Replay } from '../../contract/wire/replay';
import { waitSeconds } from '../arguments';
import { contextOf } from '../context';
import { fields, indented, show, table } from '../output';

interface ReplayOptions {
  readonly call?: string;
  readonly idempotencyKey?: string;
  readonly wait: number;
}

const LOOK_AGAIN_MS = 300;

/** `replay` and `replays`. */
export function addReplayCommands(program: Command): void {
  program
    .command('replay <run>')
    .description("ask the stored prompt of a run's call once more, and compare the answers")
    .option('--call <call>', 'which of its calls; the one whose answer rules by default')
    .option('--idempotency-key <key>', 'the same key is the same replay; a random one by default')
    .option('--wait <seconds>', 'how long to wait for the comparison (0 to 30)', waitSeconds, 10)
    .action(async (runId: string, options: ReplayOptions, command: Command) => {
      const context = contextOf(command);
      const client = context.client();
      let replay: Replay = await client.runs.replay(
        runId,
        options.call === undefined ? {} : { call_id: options.call },
        options.idempotencyKey ?? randomUUID(),
      );
      const until = Date.now() + options.wait * 1000;
      while (replay.state !== 'closed' && Date.now() < until) {
        await sleep(LOOK_AGAIN_MS);
        replay = await client.replays.get(replay.id);
      }
      show(context.output, replay, () => replayLines(replay));
    });

  program
    .command('replays <run>')
    .description('replays of the calls of a run, oldest first')
    .action(async (runId: string, _options: object, command: Command) => {
      const { output, client } = contextOf(command);
      const replays = await client().runs.replays(runId);
      show(output, replays, () =>
        table(
          ['replay', 'call', 'state', 'agreement', 'fields', 'differing', 'code', 'created'],
          replays.items.map((one) => [
            one.id,
            one.call_id,
            one.outcome ?? one.state,
            one.agreement,
            one.fields_compared,
            one.fields_differing,
            one.code,
            one.created_at,
          ]),
        ),
      );
    });
}

function replayLines(replay: Replay): string[] {
  return [
    ...fields([
      ['replay', replay.id],
      ['of call', replay.call_id],
      ['by call', replay.replay_call_id],
      ['outcome', replay.outcome ?? replay.state],
      ['code', replay.code],
      ['agreement', replay.agreement],
      [
        'fields',
        replay.fields_compared === null
          ? null
          : `${replay.fields_compared} compared, ${replay.fields_differing ?? 0} differ`,
      ],
      ['cost', `${replay.cost_nano_usd} nano-dollars`],
    ]),
    ...(replay.differing === null || replay.differing.length === 0 ? [] : indented(replay.differing)),
  ];
}
