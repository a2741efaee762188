import fc from 'fast-check';
import { compareRun, retiredEvals, type EvalName, type Verdict } from '../../worker/eval-comparison';
import { EvalTally } from '../../worker/eval-tally';

const EVALS: readonly EvalName[] = [
  { name: 'a.money', version: 2 },
  { name: 'a.units', version: 1 },
];
const verdict = (changes: Partial<Verdict> = {}): Verdict => ({
  ordinal: 0,
  name: 'a.money',
  version: 2,
  verdict: 'pass',
  severity: 'flag',
  ...changes,
});
const UNREADABLE = verdict({ name: 'output_conforms', version: 1, verdict: 'fail', severity: 'block' });
const of = (name: string, stored: readonly Verdict[], present: readonly Verdict[]) =>
  compareRun(stored, present, EVALS).find((one) => one.name === name);

describe('one run', () => {
  test.each<[string, Partial<Verdict> | undefined, Partial<Verdict>, readonly string[]]>([
    ['the same verdict', {}, {}, []],
    ['the same failure', { verdict: 'fail' }, { verdict: 'fail' }, []],
    ['a pass that fails', { version: 1 }, { verdict: 'fail' }, ['newly_failing']],
    ['a failure that passes', { version: 1, verdict: 'fail' }, {}, ['newly_passing']],
    ['a flag that blocks', { verdict: 'fail' }, { verdict: 'fail', severity: 'block' }, ['severity_changed']],
    ['another severity of what passes', { severity: 'block' }, {}, []],
    ['a first pass', undefined, {}, []],
    ['a first failure', undefined, { verdict: 'fail' }, ['newly_failing']],
  ])('%s', (_name, before, after, changes) => {
    const stored = before === undefined ? [] : [verdict(before)];
    expect(of('a.money', stored, [verdict(after)])).toMatchObject({ changes });
  });

  test('changes in two ways when its proposals do', () => {
    const stored = [verdict({ verdict: 'fail' }), verdict({ ordinal: 1 })];
    const present = [verdict(), verdict({ ordinal: 1, verdict: 'fail' })];
    expect(of('a.money', stored, present)).toMatchObject({
      changes: ['newly_failing', 'newly_passing'],
      sameVersionChanged: true,
    });
  });

  test('an answer that can’t be read any more says so, and nothing of the other evals', () => {
    expect(compareRun([verdict()], [UNREADABLE], EVALS)).toMatchObject([
      { name: 'output_conforms', changes: ['newly_failing'] },
    ]);
  });

  test('an answer that can be read now is judged for the first time', () => {
    expect(compareRun([UNREADABLE], [verdict()], EVALS)).toMatchObject([
      { name: 'output_conforms', changes: ['newly_passing'] },
      { name: 'a.money', storedVersions: [], changes: [] },
    ]);
  });

  test('names evals that judge no more', () => {
    const stored = [verdict({ name: 'a.gone' }), verdict(), UNREADABLE];
    expect(retiredEvals(stored, EVALS)).toEqual(['a.gone']);
  });
});

const anyVerdicts = fc.uniqueArray(
  fc.record<Verdict>({
    ordinal: fc.integer({ min: 0, max: 3 }),
    name: fc.constantFrom('a.money', 'a.units', 'a.gone'),
    version: fc.constantFrom(1, 2),
    verdict: fc.constantFrom('pass', 'fail'),
    severity: fc.constantFrom('block', 'flag'),
  }),
  { selector: ({ ordinal, name }) => `${ordinal} ${name}` },
);

describe('however verdicts differ', () => {
  test('nothing differs from itself', () => {
    fc.assert(
      fc.property(anyVerdicts, (rows) => {
        expect(compareRun(rows, rows, EVALS).every(({ changes }) => changes.length === 0)).toBe(true);
      }),
    );
  });

  test('what newly fails one way newly passes the other, over the same proposals', () => {
    fc.assert(
      fc.property(anyVerdicts, fc.func(fc.constantFrom('pass', 'fail')), (rows, judge) => {
        const other = rows.map((row) => ({ ...row, verdict: judge(row.name, row.ordinal) }));
        const forth = compareRun(rows, other, EVALS);
        const back = compareRun(other, rows, EVALS);
        forth.forEach(({ changes }, at) => {
          const answer = back[at]?.changes ?? [];
          expect(answer.includes('newly_passing')).toBe(changes.includes('newly_failing'));
          expect(answer.includes('newly_failing')).toBe(changes.includes('newly_passing'));
        });
      }),
    );
  });

  test('every run judged is the same, first passing, or changed, and no more ids are kept than asked for', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(anyVerdicts, anyVerdicts)),
        fc.integer({ min: 0, max: 3 }),
        (compared, idsMax) => {
          const tally = new EvalTally(idsMax);
          compared.forEach(([stored, present], at) =>
            tally.add({ tenantId: 't', runId: String(at) }, compareRun(stored, present, EVALS)),
          );
          for (const report of tally.evals()) {
            expect(report.same + report.first_passing + report.changed).toBe(report.judged);
            expect(report.changed_runs).toHaveLength(Math.min(idsMax, report.changed));
            expect(report.changed_runs_left_off).toBe(report.changed - report.changed_runs.length);
            expect(report.same_version_changed).toBeLessThanOrEqual(report.changed);
            const ways = report.newly_failing + report.newly_passing + report.severity_changed;
            expect(ways).toBeGreaterThanOrEqual(report.changed);
          }
        },
      ),
    );
  });
});
