import fc from 'fast-check';

/** What people and time do at a gate. Each is one request, or a few that follow one another. */
export const ACT_KINDS = [
  'approve',
  'edit',
  'reject',
  'escalate',
  'deputise',
  'claim',
  'steal',
  'release',
  'recuse',
  'comment',
  'withdraw',
  'ask',
  'policy',
  'rules',
  'tick',
] as const;
export type ActKind = (typeof ACT_KINDS)[number];

export interface RaceAct {
  readonly kind: ActKind;
  /** Whose act it is: a place in {@link CAST}. */
  readonly by: number;
  /** When it begins, after the gate opened, in parts of the race's length. */
  readonly atPermille: number;
  /** Whether the gate is read once more right before; else the verdict binds to how it looked when the race began. */
  readonly fresh: boolean;
  /** How a verdict is delivered, where the race delivers it itself: once, twice at once, or after everything else. */
  readonly delivered: 'once' | 'twice' | 'last';
}

export interface Race {
  /** One seat, or two of distinct persons who did not ask. */
  readonly seats: 1 | 2;
  /** Whether the gate is due in the middle of it. */
  readonly expires: boolean;
  /** Who asked: a place in {@link CAST}. */
  readonly asker: number;
  readonly acts: readonly RaceAct[];
}

/** Who is at it: several of each kind, one who asked and may decide as well, and one who never may. */
export const CAST = [
  ['admin', 'reviewer', 'requester'],
  ['reviewer', 'requester'],
  ['reviewer'],
  ['reviewer'],
  ['senior', 'reviewer'],
  ['senior'],
  ['admin'],
  ['requester'],
] as const;

/** In whose place each of the cast may decide for as long as the races last, by a delegation; nobody else in anybody's. */
export const DELEGATIONS = [
  { delegate: 1, delegator: 4 },
  { delegate: 2, delegator: 5 },
  { delegate: 3, delegator: 5 },
] as const;

/** In whose place this one approves; where there is no delegation, in vain. */
export function delegatorOf(place: number): number {
  return DELEGATIONS.find(({ delegate }) => delegate === place)?.delegator ?? 5;
}

/** The tenant's own rules of seats, as a change of them leaves it: a second seat for sales, or none of its own. */
export function seatRules({ atPermille }: RaceAct): object[] {
  return atPermille % 2 === 0 ? [] : [{ record_type: 'sale', from_minor: '0', seats: 2, roles: [] }];
}

/** Who may ask. */
const ASKERS = CAST.flatMap((roles, place) =>
  (roles as readonly string[]).includes('requester') ? [place] : [],
);

const WEIGHTS: Readonly<Record<ActKind, number>> = {
  approve: 14,
  edit: 4,
  reject: 3,
  escalate: 4,
  deputise: 2,
  claim: 4,
  steal: 2,
  release: 2,
  recuse: 1,
  comment: 1,
  withdraw: 1,
  ask: 1,
  policy: 2,
  rules: 1,
  tick: 3,
};

const act: fc.Arbitrary<RaceAct> = fc.record({
  kind: fc.oneof(...ACT_KINDS.map((kind) => ({ weight: WEIGHTS[kind], arbitrary: fc.constant(kind) }))),
  by: fc.nat({ max: CAST.length - 1 }),
  // Many at the very same moment, the rest around it: that is where they meet.
  atPermille: fc.oneof(fc.constant(500), fc.integer({ min: 350, max: 650 }), fc.nat({ max: 1000 })),
  fresh: fc.boolean(),
  delivered: fc.constantFrom('once', 'once', 'once', 'twice', 'last'),
});

const few = fc.array(act, { minLength: 3, maxLength: 16 });
const crowd = fc.array(act, { minLength: 40, maxLength: 90 });

/** A race: mostly a dozen acts, now and then a crowd where crowds are let in. */
export function raceOf({ crowds }: { readonly crowds: boolean }): fc.Arbitrary<Race> {
  return fc.record({
    seats: fc.constantFrom(1, 2),
    expires: fc.oneof(
      { weight: 3, arbitrary: fc.constant(false) },
      { weight: 1, arbitrary: fc.constant(true) },
    ),
    asker: fc.constantFrom(...ASKERS),
    acts: crowds ? fc.oneof({ weight: 19, arbitrary: few }, { weight: 1, arbitrary: crowd }) : few,
  });
}
