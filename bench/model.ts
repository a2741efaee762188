import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { createLocalProvider } from '../activities/gateway/providers/local/provider';
import { ProviderError, type CompletionAnswer, type Provider } from '../contract/model';
import type { ModelOutput } from '../contract/pack';
import { MODEL_MS } from './model-latency';

const BYTES_PER_TOKEN = 4;
const prompt = z.object({
  tenant: z.object({ currency: z.string() }),
  input: z.object({ note: z.string(), occurred_at: z.string() }),
});

/**
 * The model of the bench, in the local model's place. It takes as long as the floor's, and knows the one sentence that the
 * bench asks about: a vendor's model thinks on a machine of its own, and what is measured here is what governs it.
 */
export function benchModel(): Provider {
  return {
    ...createLocalProvider({ tasks: {} }),
    async complete({ prompt: { system, user }, signal }): Promise<CompletionAnswer> {
      await sleep(MODEL_MS, undefined, { signal });
      const output = answer(prompt.parse(JSON.parse(user)));
      return {
        output,
        usage: {
          inputTokens: tokens(system + user),
          outputTokens: tokens(JSON.stringify(output)),
          cacheReadTokens: 0,
          cacheWriteTokens: 0,
        },
        providerRequestId: null,
      };
    },
  };
}

function answer({ tenant, input }: z.infer<typeof prompt>): ModelOutput {
  const { note, occurred_at: occurredAt } = input;
  const [, crates, naira] = /^Sold (\d+) crates of eggs for ₦(\d+)$/.exec(note) ?? [];
  if (crates === undefined || naira === undefined) throw new ProviderError('model_refused', 'fail', false);
  return {
    proposals: [
      {
        record_type: 'sale',
        payload: {
          item: 'eggs',
          quantity: crates,
          unit: 'crate',
          total_minor: `${naira}00`,
          currency: tenant.currency,
          occurred_on: occurredAt.slice(0, 10),
        },
        confidence_permille: 1000,
        sources: [{ field: 'note', start: 0, end: note.length, quote: note }],
        missing: [],
      },
    ],
    confidence_permille: 1000,
    confidence_origin: 'The one sentence that the bench asks about',
  };
}

function tokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text, 'utf8') / BYTES_PER_TOKEN);
}
