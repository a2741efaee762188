import type { Role } from '../../contract/states';
import type { TenantRequest } from '../../contract/wire/tenant';

/** How commands name a seeded person: `--as owner`. */
export const CAST_NAMES = [
  'platform',
  'owner',
  'hand',
  'staff',
  'member-1',
  'member-2',
  'member-3',
  'senior',
  'admin',
  'auditor',
] as const;

export type CastName = (typeof CAST_NAMES)[number];

interface Part {
  readonly name: CastName;
  readonly displayName: string;
  readonly roles: readonly Role[];
}

interface TenantCast {
  readonly tenant: Omit<TenantRequest, 'admin'>;
  /** The first is the admin that the tenant is created with. */
  readonly people: readonly [Part, ...Part[]];
  readonly credits: string;
}

export const PLATFORM_TENANT = '__platform__';
export const PLATFORM_ADMIN: Part = {
  name: 'platform',
  displayName: 'Platform admin',
  roles: ['platform_admin'],
};

const DAILY_BUDGET_NANO_USD = '10000000000';
const CREDITS = '1000';

export const FARM = {
  tenant: {
    id: 'poultry-farm',
    kind: 'farm',
    name: 'The farm',
    currency: 'NGN',
    units: 'metric',
    time_zone: 'Africa/Lagos',
    places: ['House 1', 'House 2', 'House 3', 'House 4'],
    daily_token_budget_nano_usd: DAILY_BUDGET_NANO_USD,
  },
  people: [
    { name: 'owner', displayName: 'Farm owner', roles: ['admin', 'reviewer', 'requester'] },
    { name: 'hand', displayName: 'Farm hand', roles: ['requester'] },
  ],
  credits: CREDITS,
} as const satisfies TenantCast;

export const HOSPITAL = {
  tenant: {
    id: 'hospital',
    kind: 'hospital',
    name: 'The hospital',
    currency: 'USD',
    units: 'imperial',
    time_zone: 'America/New_York',
    places: [],
    daily_token_budget_nano_usd: DAILY_BUDGET_NANO_USD,
  },
  people: [
    { name: 'admin', displayName: 'Hospital admin', roles: ['admin'] },
    { name: 'staff', displayName: 'Credentialing staff', roles: ['requester'] },
    { name: 'member-1', displayName: 'Committee member 1', roles: ['reviewer'] },
    { name: 'member-2', displayName: 'Committee member 2', roles: ['reviewer'] },
    { name: 'member-3', displayName: 'Committee member 3', roles: ['reviewer'] },
    { name: 'senior', displayName: 'Senior of the committee', roles: ['senior'] },
    { name: 'auditor', displayName: 'Auditor', roles: ['auditor'] },
  ],
  credits: CREDITS,
} as const satisfies TenantCast;

export type SeededTenant = typeof FARM | typeof HOSPITAL;
