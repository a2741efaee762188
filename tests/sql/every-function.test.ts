import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const names = (folder: string, ending: string): string[] =>
  readdirSync(join(__dirname, '..', '..', folder))
    .filter((name) => name.endsWith(ending))
    .map((name) => name.slice(0, -ending.length));

it('has a test named after every function that a role may call; small ones share one', () => {
  const functions = names('sql/functions', '.sql').filter((name) => !name.startsWith('core_'));
  const tested = new Set(names('tests/sql', '.test.ts').flatMap((name) => name.split('-and-')));
  expect(functions.length).toBeGreaterThan(45);
  expect(functions.filter((name) => !tested.has(name))).toEqual([]);
});
