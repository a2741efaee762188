import { ERRORS, SQLSTATES } from '../contract/errors';
import { EVENT_TYPES } from '../contract/events';
import { STEPS } from '../contract/steps';
import { SHAPES } from '../contract/wire/routes';
import { emittedEventTypes, raisedStates, returnedCodes, sqlNames } from './support/sql-text';
import {
  projectFiles,
  readProjectFile,
  sourceFiles,
  type Import,
  type SourceFile,
} from './support/source-tree';

interface Arrows {
  readonly ours: readonly string[];
  readonly packages: readonly string[];
  readonly typesOnly?: readonly string[];
}

const ARROWS = JSON.parse(readProjectFile('scripts/import-arrows.json')) as Readonly<Record<string, Arrows>>;
const files = sourceFiles();
const sources = files.filter(({ path }) => !path.startsWith('tests/'));

/** Folders of programs around the product, which may use all of it. */
const AROUND = ['bench', 'examples', 'scripts', 'tests'];
/** What is started, or imported from outside: everything else must be reached from here. */
const ROOTS = [
  'worker/main.ts',
  'worker/bundle.ts',
  'activities/documents/pdf-thread.ts',
  'workflows/index.ts',
  'api/main.ts',
  'cli/main.ts',
  'client/index.ts',
  'client/verify-chain.ts',
  'contract/pack.ts',
  'countersign.config.ts',
  'stack/pglite/main.ts',
  'stack/demo/worker-that-stops.ts',
  'stack/temporal/prepare.ts',
  'stack/temporal/download.ts',
];
/** Waiting is the workflow's own: nothing outside of it runs meanwhile. */
const OF_WAITING = ['workflows/gates.ts', 'tests/workflows/time.test.ts'];
/** What only tests use: servers for them, and parts of the contract that they compare the database with. */
const FOR_TESTS = ['stack/pglite/start.ts', 'stack/postgres/', 'stack/temporal/', 'contract/'];

describe('arrows between folders', () => {
  it('has a line in the table for every folder', () => {
    const folders = new Set(
      sources.filter(({ path }) => path.includes('/')).map(({ path }) => folderOf(path)),
    );
    const known = [...Object.keys(ARROWS), ...AROUND];
    expect([...folders].filter((folder) => !known.includes(folder))).toEqual([]);
  });

  it.each(Object.keys(ARROWS))('%s imports what the table lets it', (folder) => {
    const arrows = ARROWS[folder] ?? { ours: [], packages: [] };
    const wrong = sources
      .filter(({ path }) => rulingFolder(path) === folder)
      .flatMap(({ path, imports }) =>
        imports.filter((one) => !isAllowed(folder, arrows, one)).map((one) => `${path}: ${one.specifier}`),
      );
    expect(wrong).toEqual([]);
  });

  it('lets only activities/gateway/ import a client of a model', () => {
    const isModelClient = /bedrock|openai|anthropic|cohere|mistral|gemini|vertexai|ollama|langchain/i;
    const importers = sources
      .filter(({ imports }) =>
        imports.some((one) => one.file === undefined && isModelClient.test(one.specifier)),
      )
      .map(({ path }) => path);
    expect(importers.length).toBeGreaterThan(0);
    expect(importers.filter((path) => !path.startsWith('activities/gateway/'))).toEqual([]);
  });

  it('lets nothing but the gateway, the client and what sends webhooks open a connection of its own over HTTP', () => {
    const opens = sources.filter(
      ({ text, imports }) =>
        /(?<![.\w])fetch\(/.test(text) ||
        imports.some(({ specifier }) => /^(node:)?(https?|http2)$|^undici$|^axios$/.test(specifier)),
    );
    const others = opens
      .map(({ path }) => path)
      // The bench only listens: its model is a server of its own. Webhooks have a file of their own, because tenants name
      // their addresses: nothing else may connect to one, and that file checks each.
      .filter(
        (path) =>
          !/^(client|activities\/gateway|api)\/|^bench\/gateway\.ts$|^activities\/notify\/post-webhook\.ts$/.test(
            path,
          ),
      );
    expect(others).toEqual([]);
  });

  it('keeps every package out of the client that programs load', () => {
    const packages = new Set<string>();
    for (const path of reachable(
      ['client/index.ts', 'client/verify-chain.ts'],
      ({ isTypeOnly }) => !isTypeOnly,
    ))
      for (const one of fileOf(path).imports)
        if (one.file === undefined && !one.isTypeOnly) packages.add(one.specifier);
    expect([...packages]).toEqual(['node:crypto']);
  });

  it('keeps zod, packs and Node out of the workflows', () => {
    const loaded = reachable(['workflows/index.ts'], ({ isTypeOnly }) => !isTypeOnly);
    const packages = loaded.flatMap((path) =>
      fileOf(path)
        .imports.filter((one) => one.file === undefined && !one.isTypeOnly)
        .map(({ specifier }) => specifier),
    );
    expect([...new Set(packages)].sort()).toEqual(['@temporalio/common', '@temporalio/workflow']);
    expect(loaded.filter((path) => !/^(workflows|contract)\//.test(path))).toEqual([]);
  });
});

describe('files and functions', () => {
  it('has no file that nothing reaches', () => {
    const inFolders = (folders: readonly string[]): string[] =>
      files.map(({ path }) => path).filter((path) => folders.includes(folderOf(path)));
    const programs = new Set(reachable([...ROOTS, ...inFolders(['bench', 'examples', 'scripts'])]));
    const tested = new Set(reachable(inFolders(['tests'])));
    const forTests = (path: string): boolean =>
      FOR_TESTS.some((start) => path.startsWith(start)) && tested.has(path);
    expect(sources.map(({ path }) => path).filter((path) => !programs.has(path) && !forTests(path))).toEqual(
      [],
    );
  });

  it('keeps files short: none over 400 lines, nineteen of twenty under 250', () => {
    expect(sources.filter(({ lines }) => lines > 400).map(({ path }) => path)).toEqual([]);
    const long = sources.filter(({ lines }) => lines > 250);
    expect(long.length / sources.length).toBeLessThan(0.05);
  });

  it('keeps functions short: none over 150 lines, ninety-seven of a hundred under 70', () => {
    const functions = sources.flatMap(({ path, functions: all }) => all.map((one) => ({ path, ...one })));
    const described = (lines: number): string[] =>
      functions.filter((one) => one.lines > lines).map((one) => `${one.path} ${one.name}: ${one.lines}`);
    expect(described(150)).toEqual([]);
    expect(described(70).length / functions.length).toBeLessThan(0.03);
  });

  it('exports nothing by default, and has no file that only hands on', () => {
    expect(files.filter(({ hasDefaultExport }) => hasDefaultExport).map(({ path }) => path)).toEqual([]);
    // Temporal's bundler takes one file that exports every workflow.
    const handing = files.filter(({ onlyReexports }) => onlyReexports).map(({ path }) => path);
    expect(handing.filter((path) => path !== 'workflows/index.ts')).toEqual([]);
  });

  it('has no unfinished work, no escape from types and no test that is left out', () => {
    const marks = [
      /\b(TO[D]O|FIX[M]E)\b/,
      /@ts-(ignore|nocheck|expect-error)/,
      /\b(it|test|describe)\.(skip|only|todo)\b|\bx(it|describe)\(/,
    ];
    const found = files.flatMap(({ path, text }) =>
      text
        .split('\n')
        .filter((line) => marks.some((mark) => mark.test(line)) && !/^\s*(\/\/|\/?\*)/.test(line))
        .filter((line) => !(path === 'tests/house.test.ts' && line.includes('\\b')))
        .map((line) => `${path}: ${line.trim()}`),
    );
    expect(found).toEqual([]);
    expect(files.filter(({ saysAny }) => saysAny).map(({ path }) => path)).toEqual([]);
  });

  it('names no machine, no folder beside the project and no registry', () => {
    const words = [
      ['..', 'shared'].join('/'),
      ['', 'work', ''].join('/'),
      ['', 'root', ''].join('/'),
      ['', 'home', ''].join('/'),
      ['registry', 'npmjs', 'org'].join('.'),
      ['proxy', 'golang', 'org'].join('.'),
      ['files', 'pythonhosted', 'org'].join('.'),
      ['pypi', 'org'].join('.'),
      ['repo1', 'maven', 'org'].join('.'),
    ];
    const found = projectFiles()
      .filter((path) => !/\.(png|jpg|pdf)$/.test(path))
      .flatMap((path) => {
        const text = readProjectFile(path);
        return words.filter((word) => text.includes(word)).map((word) => `${path}: ${word}`);
      });
    expect(found).toEqual([]);
  });
});

describe('the error catalogue', () => {
  it('has every code that the database returns', () => {
    const returned = returnedCodes();
    expect(returned.size).toBeGreaterThan(40);
    expect([...returned].filter((code) => !Object.hasOwn(ERRORS, code))).toEqual([]);
  });

  it('has the states that the database raises, and the table of them', () => {
    const migrations = projectFiles().filter((path) => path.startsWith('sql/migrations/'));
    const table = migrations.flatMap((path) => [
      ...readProjectFile(path).matchAll(/\('(ZC\d{3})', '([a-z_]+)'\)/g),
    ]);
    expect(Object.fromEntries(table.map(([, state, code]) => [state, code]))).toEqual(SQLSTATES);
    expect([...raisedStates()].filter((state) => !Object.hasOwn(SQLSTATES, state))).toEqual([]);
  });

  it('has no code that nothing answers with', () => {
    const catalogue = /contract\/(errors|wire\/routes)\.ts$/;
    const text = sources.filter(({ path }) => !catalogue.test(path)).map((one) => one.text);
    const raised = new Set<string>(Object.values(SQLSTATES));
    const isUsed = (code: string): boolean =>
      raised.has(code) || sqlNames(code) || text.some((one) => one.includes(`'${code}'`));
    const unused = Object.keys(ERRORS).filter((code) => !isUsed(code));
    expect(unused).toEqual([]);
  });

  it('has every code that an address says it answers with', () => {
    const codes = Object.values(SHAPES).flatMap((shape): readonly string[] => shape.codes);
    expect(codes.filter((code) => !Object.hasOwn(ERRORS, code))).toEqual([]);
  });
});

describe('events and steps', () => {
  it('lists exactly the types of events that the database emits', () => {
    expect([...emittedEventTypes()].sort()).toEqual([...EVENT_TYPES].sort());
  });

  it.each(STEPS)('has a file and a test of the step %s', (step) => {
    const wanted =
      step === 'await' ? OF_WAITING : [`activities/${step}.ts`, `tests/activities/${step}.test.ts`];
    expect(wanted.filter((path) => !files.some((one) => one.path === path))).toEqual([]);
  });
});

function fileOf(path: string): SourceFile {
  const found = files.find((file) => file.path === path);
  if (found === undefined) throw new Error(`${path} is no source file`);
  return found;
}

function folderOf(path: string): string {
  return path.split('/')[0] ?? '';
}

/** The deepest folder of the table that a file is in. */
function rulingFolder(path: string): string | undefined {
  return Object.keys(ARROWS)
    .filter((folder) => path.startsWith(`${folder}/`))
    .sort((a, b) => b.length - a.length)[0];
}

function isAllowed(folder: string, arrows: Arrows, { file, specifier, isTypeOnly }: Import): boolean {
  const names = file === undefined ? arrows.packages : [folder, ...arrows.ours];
  const target = file?.replace(/\.ts$/, '') ?? specifier;
  const matches = (name: string): boolean =>
    target === name || target.startsWith(name.endsWith('*') ? name.slice(0, -1) : `${name}/`);
  if (!names.some(matches)) return false;
  return isTypeOnly || !(arrows.typesOnly ?? []).some(matches);
}

/** Files of ours that are reached from some, over imports that count. */
function reachable(from: readonly string[], counts: (one: Import) => boolean = () => true): string[] {
  const seen = new Set<string>();
  const next = [...from];
  for (let path = next.pop(); path !== undefined; path = next.pop()) {
    const file = files.find((one) => one.path === path);
    if (seen.has(path) || file === undefined) continue;
    seen.add(path);
    next.push(...file.imports.filter(counts).flatMap((one) => one.file ?? []));
  }
  return [...seen].sort();
}
