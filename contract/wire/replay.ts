import { z } from 'zod';
import { REPLAY_AGREEMENTS } from '../states';
import { id, instant, natural64 } from './primitives';

/** Which call to repeat; without it the one whose answer rules, which is the advisor's where there is one. */
export const replayRequest = z.strictObject({ call_id: id.optional() }).meta({ id: 'ReplayRequest' });

/** The stored prompt of a call, asked once more as a call of its own. What is stored stays what counts. */
export const replay = z
  .object({
    id,
    run_id: id,
    call_id: id.meta({ description: 'The call whose prompt is repeated' }),
    replay_call_id: id
      .nullable()
      .meta({ description: 'The call that repeats it, once it was allowed and paid for' }),
    requested_by: id,
    state: z.enum(['accepted', 'closed']),
    outcome: z
      .enum(['compared', 'refused', 'failed'])
      .nullable()
      .meta({ description: 'Refused by policy, matrix, price or budget; failed without an answer' }),
    code: z.string().nullable(),
    agreement: z
      .enum(REPLAY_AGREEMENTS)
      .nullable()
      .meta({ description: 'Byte by byte, as JSON (in any order and spacing), or not' }),
    fields_compared: z.int().nullable(),
    fields_differing: z.int().nullable(),
    differing: z.array(z.string()).nullable().meta({
      description: 'JSON pointers to the first 50 of them; a name that the schema does not declare is *',
    }),
    cost_nano_usd: natural64.meta({ description: "Of the day's budget; a replay costs no credit" }),
    created_at: instant,
    closed_at: instant.nullable(),
  })
  .meta({ id: 'Replay' });
export type Replay = z.infer<typeof replay>;
