import { projectFiles, readProjectFile } from '../support/source-tree';

/* .env.example names every setting that the code or docker compose reads, and no other. */

/** Between programs of ours, or of the system: nobody sets them by hand. */
const INTERNAL = /^(PATH|COUNTERSIGN_TEST_RUN|COUNTERSIGN_TEST_DATABASE_HANDED|COUNTERSIGN_BENCH_.*)$/;
/** Read by packages of others, as their own documentation says. */
const OF_PACKAGES = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'];

const SETTING = '(?:COUNTERSIGN|DATABASE|TEMPORAL|AWS|POSTGRES|XDG)_[A-Z0-9_]*[A-Z0-9]';

function found(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].flatMap((match) => match[1] ?? []);
}

/** By name in quotes, or as a property of `process.env`. */
function readByCode(): Set<string> {
  const programs = projectFiles().filter(
    (path) => /\.(ts|mjs|cjs)$/.test(path) && !path.startsWith('tests/'),
  );
  programs.push('tests/support/target.ts');
  const names = programs.flatMap((path) => {
    const text = readProjectFile(path);
    return [
      ...found(text, /process\.env\.([A-Z][A-Z0-9_]*)/g),
      ...found(text, new RegExp(`'(${SETTING})'`, 'g')),
    ];
  });
  return new Set(names.filter((name) => !INTERNAL.test(name)));
}

function readByCompose(): Set<string> {
  return new Set(found(readProjectFile('docker-compose.yml'), /\$\{([A-Z][A-Z0-9_]*)/g));
}

function inExample(): Set<string> {
  return new Set(found(readProjectFile('.env.example'), /^#?([A-Z][A-Z0-9_]*)=/gm));
}

test('every setting that is read stands in .env.example', () => {
  const example = inExample();
  expect(readByCode().size).toBeGreaterThan(15);
  expect([...readByCode(), ...readByCompose()].filter((name) => !example.has(name))).toEqual([]);
});

test('.env.example names nothing that nobody reads', () => {
  // Whose names are made of parts: one for each role, one for each version.
  const made = /^(DATABASE_URL_[A-Z]+|COUNTERSIGN_POSTGRES_BIN_\d+)$/;
  const read = new Set([...readByCode(), ...readByCompose(), ...OF_PACKAGES]);
  const documented = projectFiles()
    .filter((path) => /^(activities|stack|worker)\/.*\.ts$/.test(path))
    .map(readProjectFile)
    .join('\n');
  const unread = [...inExample()].filter(
    (name) => !read.has(name) && !made.test(name) && !documented.includes(`\`${name}\``),
  );
  expect(unread).toEqual([]);
});

test('.env.example sets nothing, and holds no secret', () => {
  const set = readProjectFile('.env.example')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  expect(set).toEqual([]);
});

test('docker compose publishes on loopback only, and has no secret of its own', () => {
  const compose = readProjectFile('docker-compose.yml');
  const published = found(compose, /ports: \[(.*)\]/g);
  expect(published.length).toBeGreaterThan(2);
  for (const port of published) expect(port).toMatch(/^'127\.0\.0\.1:[^,]*'$/);
  const secrets = found(compose, /(?:PASSWORD|PWD|KEY|SECRET|TOKEN)[A-Z_]*: (.*)$/gm);
  expect(secrets.length).toBeGreaterThan(5);
  for (const secret of secrets) expect(secret).toMatch(/^\$\{[A-Z_]+:[-?].*\}$/);
  for (const url of found(compose, /(postgres:\/\/\S+)/g)) expect(url).toMatch(/:\$\{[A-Z_]+:\?/);
});
