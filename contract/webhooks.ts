/**
 * What a tenant's other programs are told of: each type with what its `data` holds, as an example. Ids, states and amounts, never
 * content: whoever is told reads the rest over the API. OpenAPI, docs, the command line and tests derive from this table.
 */
export interface WebhookType {
  readonly summary: string;
  /** An example of its `data`; each message of the type has exactly these fields, null where one says nothing. */
  readonly data: Readonly<Record<string, unknown>>;
}

const RUN_ID = '0199f0c2-7a10-7c3e-9d41-5f6f2c9a1b01';
const GATE = {
  gate_id: '0199f0c2-7e55-7f0a-8a53-0d9d8ce4a702',
  run_id: RUN_ID,
  proposal_id: '0199f0c2-7e54-7b1c-b9b4-3a1f74c1e803',
  record_type: 'sale',
  record_class: 'financial',
  manual: false,
  outcome: null,
} as const;

export const WEBHOOK_TYPES = {
  'gate.opened': { summary: 'A question waits for a person.', data: GATE },
  'gate.reminded': { summary: 'A question still waits: its reminder was due.', data: GATE },
  'gate.escalated': { summary: 'A question was passed on to a further role.', data: GATE },
  'gate.raised': {
    summary: 'A question asks for more people, because an edit raised its amount.',
    data: GATE,
  },
  'gate.retermed': { summary: 'A policy has changed what a question asks, or until when.', data: GATE },
  'gate.asked': { summary: 'Whoever decides asks the requester for something.', data: GATE },
  'gate.answered': { summary: 'The requester has answered what was asked.', data: GATE },
  'gate.closed': {
    summary: 'A question was answered, or its time ran out, or it was taken back.',
    data: { ...GATE, outcome: 'approved' },
  },
  'record.written': {
    summary: 'A decision took effect: its record stands.',
    data: {
      record_id: '0199f0c3-1c02-7d4e-a7f2-6b0c5f3f9e04',
      record_type: 'sale',
      record_class: 'financial',
      decision_id: '0199f0c3-1bff-7e21-8f4d-92ad1f0f6b05',
      gate_id: GATE.gate_id,
      proposal_id: GATE.proposal_id,
      run_id: RUN_ID,
    },
  },
  'run.closed': {
    summary: 'A run has ended, and its hold is settled.',
    data: {
      run_id: RUN_ID,
      purpose: 'farm.record',
      outcome: 'approved',
      code: null,
      credits: { reserved: '1', actual: '1', deducted: '0', shortfall: '0' },
    },
  },
  'ops.page': {
    summary: 'Operations were paged.',
    data: { page_id: '0199f0c4-0a7e-7aa0-9c1b-7f2f3e5d6c06', code: 'webhook_exhausted', run_id: null },
  },
  'webhook.ping': {
    summary:
      'Somebody tries whether messages arrive. It is sent to the endpoint that was asked for, whatever its types are.',
    data: { webhook_id: '0199f0c1-2b3c-7d5e-8f60-718293a4b507' },
  },
} as const satisfies Readonly<Record<string, WebhookType>>;

export type WebhookTypeName = keyof typeof WEBHOOK_TYPES;

/** What an endpoint can ask to be told of. */
export type SubscribedType = Exclude<WebhookTypeName, 'webhook.ping'>;

export const SUBSCRIBED_TYPES = (Object.keys(WEBHOOK_TYPES) as WebhookTypeName[]).filter(
  (name) => name !== 'webhook.ping',
) as [SubscribedType, ...SubscribedType[]];

/** A whole message of a type, as its body is sent. */
export function exampleMessage(type: WebhookTypeName) {
  return { type, timestamp: '2026-11-24T21:03:00.000000Z', data: WEBHOOK_TYPES[type].data };
}
