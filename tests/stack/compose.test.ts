import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { z } from 'zod';
import { createProgram } from '../../cli/program';
import { ENDPOINTS } from '../../contract/wire/endpoints';
import { readProjectFile, ROOT } from '../support/source-tree';

/*
 * docker-compose.yml and Dockerfile, as far as they can be held to the program without a Docker engine: what they name is
 * there, and what they set is read.
 */

const service = z.object({
  image: z.string(),
  build: z.string().optional(),
  entrypoint: z.array(z.string()).default([]),
  command: z.array(z.string()).default([]),
  environment: z.record(z.string(), z.string()).default({}),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
  healthcheck: z.object({ test: z.array(z.string()) }).optional(),
});

// A parser that jest brings along, and that has no types.
const yaml = createRequire(__filename)('js-yaml') as { load(text: string): unknown };
const { services } = z
  .object({ services: z.record(z.string(), service) })
  .parse(yaml.load(readProjectFile('docker-compose.yml')));
const all = Object.entries(services);
const own = all.filter(([, { build }]) => build !== undefined);
const dockerfile = readProjectFile('Dockerfile');

function isThere(path: string): boolean {
  return existsSync(join(ROOT, path));
}

/** Compiled files that commands name, as the sources that they come from. */
function sourcesIn(text: string): string[] {
  return [...text.matchAll(/\bdist\/([\w/-]+)\.js/g)].map(([, name]) => `${name ?? ''}.ts`);
}

it('has the services that the system consists of', () => {
  expect(all.map(([name]) => name)).toEqual([
    ...['postgres', 'temporal-schema', 'temporal', 'temporal-ui', 'setup', 'worker', 'api'],
  ]);
  expect(own.map(([name]) => name)).toEqual(['setup', 'worker', 'api']);
});

it('sets nothing for our own services that .env.example does not tell of', () => {
  const known = new Set(readProjectFile('.env.example').match(/^#[A-Z][A-Z0-9_]*(?==)/gm));
  const set = own.flatMap(([, { environment }]) => Object.keys(environment));
  expect(set.length).toBeGreaterThan(10);
  expect(set.filter((name) => !known.has(`#${name}`))).toEqual([]);
});

it('gives the database the passwords that its first start makes logins with', () => {
  const script = readProjectFile('docker/create-logins.sh');
  const needed = new Set([...script.matchAll(/\$\{([A-Z_]+):\?\}/g)].map(([, name]) => name ?? ''));
  const given = Object.keys(services.postgres?.environment ?? {});
  expect(needed.size).toBe(4);
  expect(given.filter((name) => !name.startsWith('POSTGRES_')).sort()).toEqual([...needed].sort());
});

it('publishes every port on loopback only', () => {
  const published = all.flatMap(([, { ports }]) => ports);
  expect(published.length).toBe(4);
  for (const port of published) expect(port).toMatch(/^127\.0\.0\.1:(\d+|\$\{\w+:-\d+\}):\d+$/);
});

it('pins every image that is not built here', () => {
  const foreign = all.filter(([, { build }]) => build === undefined).map(([, { image }]) => image);
  const bases = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, image]) => image ?? '');
  expect([foreign.length, bases.length]).toEqual([4, 3]);
  for (const image of [...foreign, ...bases]) expect(image).toMatch(/^[\w./-]+:\d[\w.-]*$/);
});

it('runs programs, mounts files and waits for services that are there', () => {
  for (const [name, { entrypoint, command, volumes, depends_on }] of all) {
    const line = [...entrypoint, ...command].join(' ');
    for (const source of sourcesIn(line))
      expect([name, source, isThere(source)]).toEqual([name, source, true]);
    for (const volume of volumes.filter((one) => one.startsWith('./')))
      expect([volume, isThere(volume.split(':')[0] ?? '')]).toEqual([volume, true]);
    for (const [needed, { condition }] of Object.entries(depends_on)) {
      expect(Object.keys(services)).toContain(needed);
      if (condition === 'service_healthy') expect(services[needed]?.healthcheck).toBeDefined();
    }
  }
  expect(own.every(([, { command }]) => sourcesIn(command.join(' ')).length > 0)).toBe(true);
  const commands = createProgram().commands.map((one) => one.name());
  expect(services.setup?.command.join(' ')).toContain('cli/main.js migrate ');
  expect(commands).toContain('migrate');
});

it('calls the API healthy when it is ready', () => {
  const test = services.api?.healthcheck?.test.join(' ') ?? '';
  expect(test).toContain(`:8080${ENDPOINTS.readyz.path}'`);
});

it('builds its image from files and scripts that are there', () => {
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(
    ([, paths]) => paths?.split(' ') ?? [],
  );
  expect(copied.length).toBeGreaterThan(5);
  expect(copied.filter((path) => !isThere(path))).toEqual([]);
  expect(sourcesIn(dockerfile).filter((path) => !isThere(path))).toEqual([]);
  const { scripts, bin } = JSON.parse(readProjectFile('package.json')) as Record<
    string,
    Record<string, string>
  >;
  const run = [...dockerfile.matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => name ?? '');
  expect(run.length).toBeGreaterThan(0);
  for (const name of run) expect(scripts).toHaveProperty([name]);
  expect(bin?.countersign).toBe('dist/cli/main.js');
});
