import { createHmac } from 'node:crypto';
import type { ErrorCode } from '../contract/errors';
import type { ModelRef, Passage, Prompt, Purpose, TenantFacts } from '../contract/pack';
import { inTenant } from '../db/transaction';
import type { ActivityDependencies } from './dependencies';
import { createEmbedder } from './gateway/embed';
import type { RunReference } from './run-reference';
import type { KnownValue } from './scrubber/known-values';
import { leakScan } from './scrubber/leak-scan';
import { scrubInput, scrubText } from './scrubber/scrub';
import { randomToken, type ScrubToken } from './scrubber/token';

export interface ScrubAnswer {
  readonly outcome: 'scrubbed' | 'failed' | 'closed';
  readonly code: ErrorCode | null;
}

interface LoadedRun {
  readonly state: string;
  readonly purpose: string;
  readonly purpose_version: number;
  readonly input: Record<string, unknown>;
  readonly prompt_stored: boolean;
  readonly call_key_secret: string;
  readonly tenant: TenantFacts;
  readonly known_names: readonly string[];
  readonly has_passages: boolean;
}

const PASSAGES_MAX = 4;

/**
 * Step 2: allow-list and tokens, the scrubbed query's nearest passages, those scrubbed too, a leak scan over the built
 * prompt, its bound, its call keys. Nothing has left the perimeter when it fails.
 */
export function createScrub(dependencies: ActivityDependencies) {
  const { database, registry, vault } = dependencies;
  const embed = createEmbedder(dependencies);

  return async (reference: RunReference): Promise<ScrubAnswer> => {
    const { tenantId, runId } = reference;
    const run = await inTenant(database, tenantId, (transaction) =>
      transaction.value<LoadedRun>('select app.load_run($1)', [runId]),
    );
    if (run.state === 'closed') return { outcome: 'closed', code: 'run_withdrawn' };
    if (run.prompt_stored) return { outcome: 'scrubbed', code: null };
    const purpose = registry.purpose(run.purpose, run.purpose_version);
    const input = purpose.input.safeParse(run.input);
    if (!input.success) return { outcome: 'failed', code: 'input_unreadable' };

    const options = {
      knownValues: run.known_names.map((value): KnownValue => ({ kind: 'person', value })),
      mintToken: randomToken,
      dates: 'keep' as const,
    };
    const { scrubbed, tokens } = scrubInput({ input: input.data, allowList: purpose.allowList, ...options });
    const minted: ScrubToken[] = [...tokens];
    const passages: Passage[] = [];
    const query = purpose.queryField ? scrubbed[purpose.queryField] : undefined;
    if (run.has_passages && typeof query === 'string') {
      for (const passage of await nearestPassages(reference, query)) {
        const clean = scrubText({ ...options, earlier: minted, text: passage.text, field: 'passages' });
        minted.push(...clean.tokens);
        passages.push({ ...passage, text: clean.text });
      }
    }

    const { id: _unsent, ...tenant } = run.tenant;
    const prompt = purpose.prompt({ tenant, input: scrubbed, passages });
    const refusal = whyNot(prompt, purpose, minted, options.knownValues);
    if (refusal) return { outcome: 'failed', code: refusal };
    const text = JSON.stringify(prompt);
    const callKey = (model: ModelRef): string =>
      createHmac('sha256', Buffer.from(run.call_key_secret, 'hex'))
        .update(
          JSON.stringify([purpose.name, purpose.version, text, model.vendor, model.model, model.region]),
        )
        .digest('hex');
    const stored = await inTenant(database, tenantId, (transaction) =>
      transaction.value<{ outcome: 'stored' | 'kept' | 'closed' }>('select app.store_prompt($1, $2)', [
        runId,
        JSON.stringify({
          prompt: text,
          primary_call_key: callKey(purpose.model),
          advisor_call_key: purpose.advisor ? callKey(purpose.advisor) : null,
          tokens: minted.map(({ token, kind, value }) => ({
            token,
            kind,
            sealed_value: vault.seal({ tenantId, runId, kind }, value).toString('hex'),
          })),
        }),
      ]),
    );
    if (stored.outcome === 'closed') return { outcome: 'closed', code: 'run_withdrawn' };
    return { outcome: 'scrubbed', code: null };
  };

  async function nearestPassages(reference: RunReference, query: string): Promise<readonly Passage[]> {
    const embedding = await embed(reference, query);
    return await inTenant(database, reference.tenantId, (transaction) =>
      transaction.value<Passage[]>('select app.similar_passages($1, $2)', [
        JSON.stringify(embedding),
        PASSAGES_MAX,
      ]),
    );
  }
}

function whyNot(
  prompt: Prompt,
  purpose: Purpose,
  tokens: readonly ScrubToken[],
  knownValues: readonly KnownValue[],
): ErrorCode | undefined {
  if (prompt.system.length + prompt.user.length > purpose.bounds.maxPromptCharacters)
    return 'prompt_too_long';
  const leaks = [prompt.system, prompt.user].flatMap((text) => leakScan({ text, tokens, knownValues }).leaks);
  return leaks.length > 0 ? 'identifier_leaked' : undefined;
}
