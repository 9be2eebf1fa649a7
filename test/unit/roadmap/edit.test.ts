import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  applyEdits,
  linesOf,
  reverseEdits,
  type RoadmapEdit,
} from '../../../src/domain/roadmap/edit.ts';

const text = 'one\ntwo\nthree\n';

const applied = (original: string, ...edits: RoadmapEdit[]) => {
  const result = applyEdits(original, edits);
  return result.ok ? result.value : result.refusal.code;
};

describe('edits of a text', () => {
  it.each([
    ['change a line', text, { line: 2, before: 'two', after: '2' }, 'one\n2\nthree\n'],
    ['keep CRLF', 'a\r\nb\r\n', { line: 1, before: 'a', after: 'A' }, 'A\r\nb\r\n'],
    ['keep a BOM', '\uFEFFa\nb', { line: 2, before: 'b', after: 'B' }, '\uFEFFa\nB'],
    ['keep mixed endings', 'a\r\nb\nc\rd', { line: 3, before: 'c', after: 'C' }, 'a\r\nb\nC\rd'],
    [
      'add a line in the middle',
      text,
      { line: 2, before: null, after: 'x' },
      'one\nx\ntwo\nthree\n',
    ],
    ['add a line at the end', text, { line: 4, before: null, after: 'x' }, 'one\ntwo\nthree\nx\n'],
    [
      'add a line after a last one without a break',
      'a\r\nb',
      { line: 3, before: null, after: 'c' },
      'a\r\nb\r\nc',
    ],
    ['take a line', text, { line: 1, before: 'one', after: null }, 'two\nthree\n'],
  ] as const)('%s', (_, original, edit, expected) => {
    expect(applied(original, edit)).toBe(expected);
    expect(applied(expected, ...reverseEdits([edit]))).toBe(original);
  });

  it.each([
    ['a line that reads differently now', { line: 2, before: 'TWO', after: '2' }],
    ['a line that is not there', { line: 9, before: 'nine', after: '9' }],
    ['a place that is not there', { line: 9, before: null, after: '9' }],
    ['a new line that is two', { line: 2, before: 'two', after: 'a\nb' }],
  ] as const)('are refused for %s', (_, edit) => {
    expect(applied(text, edit)).toBe('stale_edit');
  });

  it('are refused together where two change one line', () => {
    const edits = [
      { line: 2, before: 'two', after: '2' },
      { line: 2, before: 'two', after: 'II' },
    ];
    expect(applied(text, ...edits)).toBe('stale_edit');
  });

  it('change nothing at all where one of them is refused', () => {
    const good = { line: 1, before: 'one', after: '1' };
    expect(applied(text, good, { line: 2, before: 'TWO', after: '2' })).toBe('stale_edit');
  });

  it('lead back to the same text, whatever they are', () => {
    const word = fc.string({ maxLength: 6 }).map((s) => s.replaceAll(/[\r\n]/g, ''));
    const ending = fc.constantFrom('\n', '\r\n', '\r');
    const someText = fc
      .array(fc.tuple(word, ending), { minLength: 1, maxLength: 8 })
      .chain((lines) =>
        fc.boolean().map((final) => {
          const joined = lines.map(([a, b]) => a + b).join('');
          return final ? joined : joined.replace(/(\r\n|\n|\r)$/, '');
        }),
      )
      .filter((original) => original !== '');
    const change = fc.record({ replace: fc.boolean(), insert: fc.boolean(), to: word });
    fc.assert(
      fc.property(someText, fc.array(change, { maxLength: 9 }), (original, changes) => {
        const lines = linesOf(original);
        const edits = changes.flatMap(({ replace, insert, to }, index): RoadmapEdit[] => {
          const before = lines[index]?.text;
          if (index > lines.length) return [];
          return [
            ...(insert ? [{ line: index + 1, before: null, after: `+${to}` }] : []),
            ...(replace && before !== undefined ? [{ line: index + 1, before, after: to }] : []),
          ];
        });
        const added = edits.filter(({ before }) => before === null).length;
        const result = applyEdits(original, edits);
        // A last line emptied where no break follows is no line any more; a roadmap's lines are never empty.
        fc.pre(result.ok && linesOf(result.value).length === lines.length + added);
        expect(applied(result.ok ? result.value : '', ...reverseEdits(edits))).toBe(original);
      }),
      { numRuns: 200 },
    );
  });
});
