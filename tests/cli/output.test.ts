import { fields, table } from '../../cli/output';

describe('what people wrote, in a table', () => {
  it('stays one line in its cell, without what moves a cursor', () => {
    const [, row = ''] = table(['note', 'next'], [['first\nsecond\u001b[2J\u0007', 'x']]);
    expect(row).toBe('first second [2J   x');
    expect(fields([['note', 'a\r\nb']])).toEqual(['note  a b']);
  });

  it('is cut where it is too long, and aligned', () => {
    const [head = '', row = ''] = table(['a', 'b'], [['x'.repeat(500), 'end']]);
    expect(row.length).toBeLessThan(100);
    expect(row).toContain('…');
    expect(head.indexOf('b')).toBe(row.indexOf('end'));
  });

  it('says so when there is nothing, and a dash where a value is missing', () => {
    expect(table(['a'], [])).toEqual(['None.']);
    expect(table(['a', 'b'], [[null, 1]])[1]).toBe('-  1');
    expect(
      fields([
        ['a', null],
        ['b', undefined],
        ['c', false],
      ]),
    ).toEqual(['c  false']);
  });
});
