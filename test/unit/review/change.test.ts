import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasFresh, hunksByFile, isAllSeen, markSeen } from '../../../src/domain/review/change.ts';
import { linesAt } from '../../../src/domain/review/place.ts';
import { adding, reviewed } from '../../support/reviewed.ts';

const modified = (path: string) => ({ path, status: 'modified' as const });
const section = (body: string) =>
  `diff --git a/any b/any\nindex 1..2 100644\n--- a/any\n+++ b/any\n${body}`;
const one = section('@@ -1,3 +1,3 @@ f()\n a\n-b\n+B\n c\n');

describe('a patch is read by its counts and its order', () => {
  it('numbers each line as before and after', () => {
    const lines = hunksByFile(one, [modified('x')])?.get('x')?.[0]?.lines;
    expect(lines).toEqual([
      { kind: 'context', old: 1, new: 1, text: 'a' },
      { kind: 'removed', old: 2, new: null, text: 'b' },
      { kind: 'added', old: null, new: 2, text: 'B' },
      { kind: 'context', old: 3, new: 3, text: 'c' },
    ]);
  });

  it.for([
    ['a name that lies', 'diff --git a/y b/y\n--- a/src/b.ts\n+++ b/src/b.ts\n@@ -0,0 +1 @@\n+x\n'],
    [
      'content that looks like a head',
      section('@@ -0,0 +1,3 @@\n+diff --git a/y b/y\n++++ b/y\n+@@ -1 +1 @@\n'),
    ],
    [
      'a file without a last line end',
      section('@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n'),
    ],
  ] as const)('%s moves nothing to another file', ([, patch]) => {
    const found = hunksByFile(patch + one, [modified('x'), modified('y')]);
    expect([...(found?.keys() ?? [])]).toEqual(['x', 'y']);
    expect(found?.get('y')?.[0]?.lines.map(({ text }) => text)).toEqual(['a', 'b', 'B', 'c']);
  });

  it('a file that became a link is one file of two sections', () => {
    const files = [{ path: 'x', status: 'type_changed' as const }, modified('y')];
    const found = hunksByFile(one + one + one, files);
    expect([found?.get('x')?.length, found?.get('y')?.length]).toEqual([2, 1]);
  });

  it.for([
    ['a section too few', one, [modified('x'), modified('y')]],
    ['a section too many', one + one, [modified('x')]],
  ] as const)('%s: nobody guesses which is whose', ([, patch, files]) => {
    expect(hunksByFile(patch, files)).toBeNull();
  });

  it('of a patch that was cut the last section is not believed', () => {
    const found = hunksByFile(one + one.slice(0, -6), [modified('x'), modified('y')], true);
    expect([...(found?.keys() ?? [])]).toEqual(['x']);
  });
});

describe('what stood like this at the last review', () => {
  const before = [reviewed('a.ts', '@@ -1,2 +1,3 @@ f()\n one\n+new line\n two')];

  it.for([
    [
      'is not read again where a rebase moved it',
      '@@ -40,2 +55,3 @@ f()\n one\n+new line\n two',
      true,
    ],
    [
      'is read again where its line is another',
      '@@ -1,2 +1,3 @@ f()\n one\n+new lines\n two',
      false,
    ],
    ['is read again beside another line', '@@ -1,2 +1,3 @@ f()\n zero\n+new line\n two', false],
    ['is read again in another function', '@@ -1,2 +1,3 @@ g()\n one\n+new line\n two', false],
  ] as const)('%s', ([, patch, seen]) => {
    expect(isAllSeen(markSeen([reviewed('a.ts', patch)], before))).toBe(seen);
  });

  it('in another file is read again', () => {
    const after = markSeen(
      before.map((file) => ({ ...file, path: 'b.ts' })),
      before,
    );
    expect(isAllSeen(after)).toBe(false);
  });

  it('once does not cover it twice', () => {
    const hunk = '@@ -1,2 +1,3 @@ f()\n one\n+new line\n two\n';
    const twice = reviewed('a.ts', hunk + hunk.replace('-1,2 +1,3', '-9,2 +10,3'));
    const [marked] = markSeen([twice], before);
    expect(marked?.hunks.map(hasFresh)).toEqual([false, true]);
  });

  it('covers a change that did not change, whatever it is (law)', () => {
    const text = fc.array(
      fc.string({ maxLength: 12 }).map((line) => line.replace(/\n/g, '')),
      {
        minLength: 1,
        maxLength: 8,
      },
    );
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 5 }), fc.nat(500), (pieces, shift) => {
        const at = (by: number) => pieces.map((lines, n) => adding(`f${n}`, lines, 1 + by));
        expect(isAllSeen(markSeen(at(shift), at(0)))).toBe(true);
      }),
    );
  });
});

describe('GitHub takes a remark', () => {
  const context = (from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, at) => ` line ${from + at}`).join('\n');
  const file = reviewed(
    'a.ts',
    `@@ -1,11 +1,11 @@\n${context(1, 5)}\n-old\n+new\n${context(7, 11)}`,
  );
  const place = { path: 'a.ts', side: 'RIGHT', start_line: 6, line: 6 } as const;

  it.for([
    ['on a changed line', place, true],
    ['three lines beside it', { ...place, start_line: 9, line: 9 }, true],
    ['no farther, though more was read', { ...place, start_line: 10, line: 10 }, false],
    ['on the line that was there, on its own side', { ...place, side: 'LEFT' as const }, true],
    ['on several lines in a row', { ...place, start_line: 4, line: 8 }, true],
    ['on no lines backwards', { ...place, start_line: 8, line: 4 }, false],
    ['on no line outside', { ...place, start_line: 60, line: 60 }, false],
    ['on no other file', { ...place, path: 'b.ts' }, false],
  ] as const)('%s', ([, where, taken]) => {
    expect(linesAt([file], where) !== null).toBe(taken);
  });
});
