import type { RecordClass, Role, TenantKind } from '../states';

export type SeparationRule = 'none' | 'second_person' | 'n_of_m';

/**
 * The separation that a gate asks for: its record type's, and never less than a second person for privileging,
 * credentialing, hiring, and for what is clinical in a hospital.
 */
export function separationOf(
  declared: SeparationRule,
  recordClass: RecordClass,
  tenantKind: TenantKind,
): SeparationRule {
  if (declared !== 'none') return declared;
  const alwaysSecond =
    recordClass === 'privileging' ||
    recordClass === 'credentialing' ||
    recordClass === 'hiring' ||
    (recordClass === 'clinical' && tenantKind === 'hospital');
  return alwaysSecond ? 'second_person' : 'none';
}

/** Roles that a seat can ask. */
export const SEAT_ROLES = ['reviewer', 'senior', 'admin'] as const satisfies readonly Role[];
export type SeatRole = (typeof SEAT_ROLES)[number];

/** What is asked of seats: how many, and a role for some of them. Seats that no role is named for ask the type's own. */
export interface SeatDemand {
  readonly seats: number;
  readonly roles: readonly Role[];
}

/** A demand from an amount on: minor units of the tenant's currency, as digits. */
export interface SeatRule extends SeatDemand {
  readonly from_minor: string;
}

/** What a record type says of its own seats. */
export interface SeatDeclaration {
  readonly role: Role;
  readonly seats: number;
  readonly seatRoles: readonly Role[];
}

/**
 * The role that each seat asks, sorted: the type's own first. What the type declares and every rule that the amount has come
 * to are met at once: the most seats of any, and of each role the most. A seat that asks a reviewer is met by any other.
 * An amount that can't be told meets every rule. The database has the same rule as `core.seat_terms`.
 */
export function seatTerms(
  declared: SeatDeclaration,
  rules: readonly SeatRule[],
  amountMinor: bigint | null,
): readonly Role[] {
  const padding = Array.from({ length: declared.seats - declared.seatRoles.length }, () => declared.role);
  const own: SeatDemand = { seats: declared.seats, roles: [...declared.seatRoles, ...padding] };
  const met = rules.filter(({ from_minor: from }) => amountMinor === null || BigInt(from) <= amountMinor);
  return mergedSeats([own, ...met], declared.role);
}

/** What meets every one of several demands at once. */
export function mergedSeats(demands: readonly SeatDemand[], role: Role): readonly Role[] {
  const most = new Map<Role, number>();
  for (const { roles } of demands) {
    for (const named of new Set(roles)) {
      const times = roles.filter((one) => one === named).length;
      most.set(named, Math.max(most.get(named) ?? 0, times));
    }
  }
  most.delete('reviewer');
  const named = [...most].flatMap(([one, times]) => Array.from({ length: times }, () => one));
  const seats = Math.max(named.length, ...demands.map((demand) => demand.seats));
  const rest = Array.from({ length: seats - named.length }, () => role);
  const place = (one: Role): string => (one === role ? '' : one);
  return [...rest, ...named].sort((one, other) => (place(one) < place(other) ? -1 : 1));
}

/** Whether everybody has a seat of their own that asks a role of theirs. The database: `core.seats_assignable`. */
export function areAssignable(seats: readonly Role[], people: readonly (readonly Role[])[]): boolean {
  return seated(seats, people) === people.length;
}

/** Whether every seat has somebody of its own who has the role that it asks. The database: `core.seats_fillable`. */
export function areFillable(seats: readonly Role[], people: readonly (readonly Role[])[]): boolean {
  return seated(seats, people) === seats.length;
}

/** How many people can sit at once: a matching, improved by one person after the other moving up. */
function seated(seats: readonly Role[], people: readonly (readonly Role[])[]): number {
  const holders = new Map<number, number>();
  const finds = (person: number, asked: Set<number>): boolean =>
    seats.some((role, seat) => {
      if (asked.has(seat) || people[person]?.includes(role) !== true) return false;
      asked.add(seat);
      const holder = holders.get(seat);
      if (holder !== undefined && !finds(holder, asked)) return false;
      holders.set(seat, person);
      return true;
    });
  return people.filter((_roles, person) => finds(person, new Set())).length;
}
