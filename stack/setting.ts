/** A setting from the environment. One that is there but empty, as in a copied example file, counts as not set. */
export function setting(name: string): string | undefined {
  const value = process.env[name];
  return value === '' ? undefined : value;
}
