import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ROLES } from '../../contract/states';
import { CAST_NAMES, type CastName } from './cast';

const personSchema = z.object({
  tenant_id: z.string(),
  user_id: z.string(),
  display_name: z.string(),
  roles: z.array(z.enum(ROLES)),
  token: z.string(),
});

/** A seeded person with the token that was minted for them. */
export type SeededPerson = z.infer<typeof personSchema>;

export type SeededPeople = Readonly<Record<CastName, SeededPerson>>;

const fileSchema = z.partialRecord(z.enum(CAST_NAMES), personSchema);

/**
 * The tokens of the seeded people, in a file that only its owner may read. The database has the hashes alone, so what is
 * not noted here at once is lost; a lost token is made anew.
 */
export class TokenFile {
  readonly #file: string;
  readonly #people: Partial<Record<CastName, SeededPerson>>;

  constructor(home: string) {
    this.#file = join(home, 'tokens.json');
    this.#people = readPeople(this.#file);
  }

  get(name: CastName): SeededPerson | undefined {
    return this.#people[name];
  }

  /** Notes a person at once and as a whole: a kill leaves the old file or the new one. */
  note(name: CastName, person: SeededPerson): void {
    this.#people[name] = person;
    const draft = `${this.#file}.draft`;
    writeFileSync(draft, `${JSON.stringify(this.#people, undefined, 2)}\n`, { mode: 0o600 });
    renameSync(draft, this.#file);
  }
}

/** The seeded people of a data folder, as far as they are there. */
export function readPeople(file: string): Partial<Record<CastName, SeededPerson>> {
  try {
    return fileSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return {};
  }
}
