import type { Client } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import { ERRORS } from '../../contract/errors';

/*
 * What may stand in a Temporal history: ids, enumerations, codes, amounts, times, slugs, and the catalogue's own sentences.
 * Checked after each test file over every history of its server, so a field that begins to carry content is noticed by
 * whatever test happens to run it.
 */

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const NAME = /^[a-z][A-Za-z0-9_.-]{0,39}$/;
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/;
const DECIMAL = /^-?\d{1,20}$/;
const SUMMARY =
  /^([a-z_.]+ of [a-z0-9-]+|(expiry|reminder or escalation|reminder|escalation) of gate [0-9a-f-]{36})$/;
const SENTENCES: ReadonlySet<string> = new Set(Object.values(ERRORS).map((entry) => entry.message));

/** Strings that a person or a model wrote: they must not be in any history. */
export class Canaries {
  readonly #texts = new Set<string>();

  /** Plants every longer text within a value. */
  plant(value: unknown): void {
    for (const text of leaves(value)) if (text.length >= 12 && /\s/.test(text)) this.#texts.add(text);
  }

  foundIn(haystack: string): string[] {
    return [...this.#texts].filter((text) => haystack.includes(text) || haystack.includes(asEscaped(text)));
  }
}

/** Of thousands of runs that are all alike (`npm run races`), the newest tell as much as all of them. */
const HISTORIES_MAX = 1_000;

/**
 * Reads every history of a namespace. Returns what is in them and must not be.
 * @param known workflow ids, for a server that can't list (the time-skipping one)
 */
export async function contentInHistories(
  client: Client,
  canaries: Canaries,
  known?: readonly string[],
): Promise<string[]> {
  const wrong: string[] = [];
  let read = 0;
  const workflows = known?.map((workflowId) => ({ workflowId, runId: undefined })) ?? client.workflow.list();
  for await (const { workflowId, runId } of workflows) {
    read += 1;
    if (read > HISTORIES_MAX) break;
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    const text = historyToJSON(history);
    const payloads = decodedPayloads(JSON.parse(text));
    const whole = `${text}\n${payloads.map((payload) => JSON.stringify(payload)).join('\n')}`;
    wrong.push(...canaries.foundIn(whole).map((canary) => `${workflowId}: "${canary}"`));
    for (const leaf of payloads.flatMap(leaves)) {
      if (!isHarmless(leaf)) wrong.push(`${workflowId}: a payload has "${leaf}"`);
    }
    for (const failure of failureMessages(JSON.parse(text))) {
      if (!SENTENCES.has(failure) && !TEMPORAL_OWN.test(failure))
        wrong.push(`${workflowId}: failure "${failure}"`);
    }
  }
  return wrong;
}

/** What the server and the SDK themselves say of a failure. */
const TEMPORAL_OWN =
  /^(activity (Heartbeat|StartToClose|ScheduleToClose|ScheduleToStart) timeout|Activity timed out|Activity task (failed|timed out|cancelled)|Workflow (execution )?cancelled|Activity execution cancelled|cancelled|CANCELLED|UnhandledCommand|Reset workflow|.*reset.*)$/i;

function isHarmless(leaf: string): boolean {
  return (
    UUID.test(leaf) ||
    NAME.test(leaf) ||
    TIME.test(leaf) ||
    DECIMAL.test(leaf) ||
    SUMMARY.test(leaf) ||
    SENTENCES.has(leaf)
  );
}

function decodedPayloads(node: unknown): unknown[] {
  if (Array.isArray(node)) return node.flatMap(decodedPayloads);
  if (typeof node !== 'object' || node === null) return [];
  const { data, metadata } = node as { data?: unknown; metadata?: unknown };
  if (typeof data === 'string' && typeof metadata === 'object') {
    const bytes = Buffer.from(data, 'base64').toString('utf8');
    try {
      return [JSON.parse(bytes) as unknown];
    } catch {
      // Markers of the SDK keep protobuf here; what text is in it is read as text.
      return [...bytes.matchAll(/[\x20-\x7e]{4,}/g)].map((match) => match[0]);
    }
  }
  return Object.values(node).flatMap(decodedPayloads);
}

function failureMessages(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(failureMessages);
  if (typeof node !== 'object' || node === null) return [];
  const { failure } = node as { failure?: { message?: unknown; stackTrace?: unknown } };
  const own =
    typeof failure === 'object'
      ? [failure.message, failure.stackTrace].filter((text) => typeof text === 'string' && text !== '')
      : [];
  return [...(own as string[]), ...Object.values(node).flatMap(failureMessages)];
}

function leaves(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(leaves);
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(leaves);
  return [];
}

function asEscaped(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
