import { createHmac } from 'node:crypto';
import type { ErrorCode } from '../contract/errors';
import { EMBEDDING_MODEL } from '../contract/model';
import type { ModelRef, Passage, Prompt, PromptContext, Purpose, TenantFacts } from '../contract/pack';
import { callInTenant } from '../db/transaction';
import type { ActivityDependencies } from './dependencies';
import { createEmbedder } from './gateway/embed';
import type { RunReference } from './run-reference';
import { allowListFilter, type Json } from './scrubber/allow-list';
import { KnownTenants, passingValues, toldValues, type KnownSince } from './scrubber/known-tenants';
import { leakScan } from './scrubber/leak-scan';
import { scrubInput, ScrubError, scrubText, type ScrubOptions } from './scrubber/scrub';
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
  readonly known: KnownSince;
  readonly has_passages: boolean;
}

type RunScrubOptions = Omit<ScrubOptions, 'earlier'>;

interface ScrubbedContext {
  readonly input: Readonly<Record<string, Json>>;
  readonly passages: readonly Passage[];
  readonly tokens: readonly ScrubToken[];
}

const PASSAGES_MAX = 4;

/**
 * Step 2: allow-list and tokens, the scrubbed query's nearest passages, those scrubbed too, a leak scan over everything
 * that leaves, the prompt's bound, its call keys. Nothing has left the perimeter when it fails.
 */
export function createScrub(dependencies: ActivityDependencies) {
  const { database, registry, vault, embedding: model = EMBEDDING_MODEL } = dependencies;
  const embed = createEmbedder(dependencies);
  const knowing = new KnownTenants();

  return async (reference: RunReference): Promise<ScrubAnswer> => {
    const { tenantId, runId } = reference;
    const tenant = knowing.of(tenantId);
    const asked = [runId, tenant.mark];
    const run = await callInTenant<LoadedRun>(database, tenantId, 'select app.load_run($1, $2)', asked);
    const known = tenant.learn(run.known);
    if (run.state === 'closed') return { outcome: 'closed', code: 'run_withdrawn' };
    if (run.prompt_stored) return { outcome: 'scrubbed', code: null };
    const purpose = registry.purpose(run.purpose, run.purpose_version);
    const input = purpose.input.safeParse(run.input);
    if (!input.success) return { outcome: 'failed', code: 'input_unreadable' };

    if (allowedLength(input.data, purpose) > purpose.bounds.maxPromptCharacters)
      return { outcome: 'failed', code: 'prompt_too_long' };

    const options = {
      knownValues: known,
      passing: passingValues(input.data, purpose.allowList, known),
      passedNames: run.tenant.places,
      mintToken: randomToken,
      dates: 'tokenise' as const,
      places: true,
    };
    const scrubbed = await scrubbedContext(reference, run, purpose, input.data, options);
    if (scrubbed === 'leaky') return { outcome: 'failed', code: 'identifier_leaked' };
    const { tokens, passages } = scrubbed;

    const { id: _unsent, ...facts } = run.tenant;
    const prompt = purpose.prompt({ tenant: facts, input: scrubbed.input, passages });
    const refusal = whyNot({ prompt, purpose, tenant: facts, tokens, options });
    if (refusal) return { outcome: 'failed', code: refusal };
    const text = JSON.stringify(prompt);
    const callKey = (model: ModelRef): string =>
      callKeyOf(run, [purpose.name, purpose.version, text, model.vendor, model.model, model.region]).toString(
        'hex',
      );
    const sealed = await vault.seal({ tenantId, runId }, tokens);
    const prepared = {
      prompt: text,
      primary_call_key: callKey(purpose.model),
      advisor_call_key: purpose.advisor ? callKey(purpose.advisor) : null,
      tokens: tokens.map(({ token, kind }, at) => ({
        token,
        kind,
        sealed_value: sealed.values[at]?.toString('hex'),
      })),
      data_key: { master_key_id: sealed.dataKey.keyId, wrapped_key: sealed.dataKey.bytes.toString('hex') },
      passages: passages.map(({ id }) => id),
      told: toldValues(tokens, purpose.allowList),
    };
    const stored = await callInTenant<{ outcome: 'stored' | 'kept' | 'closed' }>(
      database,
      tenantId,
      'select app.store_prompt($1, $2)',
      [runId, JSON.stringify(prepared)],
    );
    if (stored.outcome === 'closed') return { outcome: 'closed', code: 'run_withdrawn' };
    return { outcome: 'scrubbed', code: null };
  };

  /** The input and the passages near to its query, as they may leave; `leaky` when that can't be had. */
  async function scrubbedContext(
    reference: RunReference,
    run: LoadedRun,
    purpose: Purpose,
    input: Record<string, unknown>,
    options: RunScrubOptions,
  ): Promise<ScrubbedContext | 'leaky'> {
    try {
      const { scrubbed, tokens } = scrubInput({ input, allowList: purpose.allowList, ...options });
      const minted: ScrubToken[] = [...tokens];
      const passages: Passage[] = [];
      const query = purpose.queryField ? scrubbed[purpose.queryField] : undefined;
      if (!run.has_passages || typeof query !== 'string')
        return { input: scrubbed, passages, tokens: minted };
      if (leakScan({ ...options, dates: 'keep', text: query, tokens: minted }).leaks.length > 0)
        return 'leaky';
      const looking = { ...options, ...passageOptions(purpose) };
      for (const passage of await nearestPassages(reference, run, query)) {
        const clean = scrubText({ ...looking, earlier: minted, text: passage.text, field: 'passages' });
        minted.push(...clean.tokens);
        passages.push({ ...passage, text: clean.text });
      }
      return { input: scrubbed, passages, tokens: minted };
    } catch (error) {
      // What does not come to rest may still hold an identifier.
      if (error instanceof ScrubError) return 'leaky';
      throw error;
    }
  }

  async function nearestPassages(
    reference: RunReference,
    run: LoadedRun,
    query: string,
  ): Promise<readonly Passage[]> {
    const callKey = callKeyOf(run, [reference.runId, model, query]);
    const embedding = await embed(reference, query, callKey);
    return await callInTenant<Passage[]>(
      database,
      reference.tenantId,
      'select app.similar_passages($1, $2, $3)',
      [JSON.stringify(embedding), model.model, PASSAGES_MAX],
    );
  }
}

/** Passages are read as the field is whose text found them. */
function passageOptions({ allowList, queryField = '' }: Purpose): {
  dates: 'keep' | 'tokenise';
  places: boolean;
} {
  const rule = allowList[queryField];
  const passes = rule?.rule === 'text' ? rule : undefined;
  return { dates: passes?.dates === 'pass' ? 'keep' : 'tokenise', places: passes?.places !== 'pass' };
}

/** Under the tenant's own key, so that nobody else can tell equal prompts, or guess a short one. */
function callKeyOf(run: LoadedRun, parts: readonly unknown[]): Buffer {
  return createHmac('sha256', Buffer.from(run.call_key_secret, 'hex')).update(JSON.stringify(parts)).digest();
}

/** How long the input is after the allow-list and before the scrubber, whose time is not spent on what is too long. */
function allowedLength(input: Record<string, unknown>, purpose: Purpose): number {
  const { value } = allowListFilter(purpose.allowList)(input, (allowed) => allowed as Json);
  return JSON.stringify(value).length;
}

interface BuiltPrompt {
  readonly prompt: Prompt;
  readonly purpose: Purpose;
  readonly tenant: PromptContext['tenant'];
  readonly tokens: readonly ScrubToken[];
  readonly options: RunScrubOptions;
}

function whyNot({ prompt, purpose, tenant, tokens, options }: BuiltPrompt): ErrorCode | undefined {
  if (prompt.system.length + prompt.user.length > purpose.bounds.maxPromptCharacters)
    return 'prompt_too_long';
  // A member called "Veterinarian" or "Question" is no reason to stop: the pack wrote these words, not the run.
  const sample = purpose.prompt({ tenant, input: purpose.example, passages: [] });
  const texts = prompt.system === sample.system ? [prompt.user] : [prompt.system, prompt.user];
  const facts = [purpose.name, tenant.kind, tenant.currency, tenant.time_zone];
  const passedNames = [...tenant.places, ...facts, ...keysOf(prompt.user)];
  const leaks = texts.flatMap(
    (text) => leakScan({ ...options, dates: 'keep', passedNames, text, tokens }).leaks,
  );
  return leaks.length > 0 ? 'identifier_leaked' : undefined;
}

/** The member names of a JSON document as they are written in it. The allow-list lets no name of the caller's in. */
function keysOf(document: string): readonly string[] {
  const keys = new Set<string>();
  JSON.parse(document, (key, value: unknown) => {
    keys.add(`"${key}":`);
    return value;
  });
  return [...keys];
}
