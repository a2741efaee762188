/*
 * How every part reads its settings. One that is there but empty, as in a copied example file, counts as not set; one
 * that can't be meant ends the start with a sentence that names it and what it takes, never with the value, which may be
 * a secret that was put in the wrong place.
 */

/** A setting from the environment, or undefined. */
export function setting(name: string): string | undefined {
  const value = process.env[name];
  return value === '' ? undefined : value;
}

/** @throws Error when it is not set */
export function requiredSetting(name: string): string {
  const value = setting(name);
  if (value === undefined) throw new Error(`Set ${name}.`);
  return value;
}

/** @throws Error when it is none of the choices */
export function choiceSetting<Choice extends string>(
  name: string,
  choices: readonly Choice[],
  otherwise: Choice,
): Choice {
  const value = setting(name);
  if (value === undefined) return otherwise;
  const chosen = choices.find((choice) => choice === value);
  if (chosen === undefined) throw new Error(`${name} must be one of ${choices.join(', ')}.`);
  return chosen;
}

/** @throws Error when it is no whole number from `min` to `max` */
export function wholeNumberSetting<Otherwise extends number | undefined>(
  name: string,
  { min, max }: { readonly min: number; readonly max: number },
  otherwise: Otherwise,
): number | Otherwise {
  const value = setting(name);
  if (value === undefined) return otherwise;
  const number = /^\d+$/.test(value) ? Number(value) : NaN;
  if (!(number >= min && number <= max))
    throw new Error(`${name} must be a whole number from ${min} to ${max}.`);
  return number;
}

/** What a log may tell of: `COUNTERSIGN_LOG_LEVEL`. @throws Error when it is no level */
export function logLevel() {
  return choiceSetting(
    'COUNTERSIGN_LOG_LEVEL',
    ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
    'info',
  );
}

/** How long a start waits for its database: `COUNTERSIGN_DATABASE_WAIT_SECONDS`. @throws Error when it is no such number */
export function databaseWaitSeconds(): number {
  return wholeNumberSetting('COUNTERSIGN_DATABASE_WAIT_SECONDS', { min: 0, max: 3_600 }, 30);
}

/**
 * Whether webhooks may be sent to this machine, and by http there: `COUNTERSIGN_WEBHOOKS_TO_LOOPBACK`, for whoever develops
 * against their own programs; on under the profile `local` alone unless it is set. @throws Error when it is neither on nor off
 */
export function webhooksToLoopback(profile: string): boolean {
  const otherwise = profile === 'local' ? 'on' : 'off';
  return choiceSetting('COUNTERSIGN_WEBHOOKS_TO_LOOPBACK', ['off', 'on'], otherwise) === 'on';
}
