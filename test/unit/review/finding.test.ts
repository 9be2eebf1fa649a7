import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { markFindings, type Finding } from '../../../src/domain/review/finding.ts';
import {
  FINDINGS_REMEMBERED,
  readMemory,
  remember,
  standing,
  worthSaying,
  type FindingState,
} from '../../../src/domain/review/memory.ts';
import { adding, reviewed, sha256 } from '../../support/reviewed.ts';

const code = [
  'function total(rows) {',
  '  let sum = 0;',
  '  for (const row of rows) sum += row.price;',
  '  return sum;',
  '}',
];
const finding: Finding = {
  path: 'a.ts',
  side: 'RIGHT',
  start_line: 3,
  line: 3,
  severity: 'minor',
  kind: 'bug',
  message: 'A row without a price makes the sum NaN.',
  suggestion: null,
};

const mark = (one: Finding, file = adding('a.ts', code)) => {
  const [marked] = markFindings([one], [file], sha256);
  if (marked === undefined) throw new Error('no finding');
  return marked;
};

describe('a finding is known again', () => {
  it('wherever its line has moved (law)', () => {
    fc.assert(
      fc.property(fc.nat(10_000), fc.constantFrom(...code.keys()), (shift, at) => {
        const there = { ...finding, start_line: at + 1, line: at + 1 };
        const moved = { ...there, start_line: at + 1 + shift, line: at + 1 + shift };
        expect(mark(moved, adding('a.ts', code, 1 + shift)).mark).toBe(mark(there).mark);
      }),
    );
  });

  it('in other words, and with other white space in its line', () => {
    const tabs = code.map((line) => line.replace(/^ {2}/, '\t\t'));
    const words = { ...finding, message: 'NaN where a price is missing.' };
    expect(mark(words, adding('a.ts', tabs)).mark).toBe(mark(finding).mark);
  });

  it.for([
    ['another kind', { ...finding, kind: 'tests' as const }, adding('a.ts', code)],
    ['another line', { ...finding, line: 2, start_line: 2 }, adding('a.ts', code)],
    ['another file', { ...finding, path: 'b.ts' }, adding('b.ts', code)],
  ] as const)('not as %s', ([, other, file]) => {
    expect(mark(other, file).mark).not.toBe(mark(finding).mark);
  });

  it('by its neighbours where its own line says nothing', () => {
    const brace = { ...finding, line: 5, start_line: 5 };
    const other = adding('a.ts', [
      'function other() {',
      '  let other = 1;',
      '  go(other);',
      '  return other;',
      '}',
    ]);
    expect(mark(brace).mark).not.toBe(mark(brace, other).mark);
  });
});

describe('a suggestion is offered', () => {
  const file = reviewed('a.ts', '@@ -1,2 +1,2 @@\n one\n-two\n+2');
  const place = { ...finding, start_line: 2, line: 2 };

  it.for([
    ['for the lines it replaces', place, '  two;', '  two;'],
    ['without a line end of its own', place, 'two\n', 'two'],
    ['not where it changes nothing', place, '2', null],
    ['not where it hides a character', place, 'tw\u202Eo', null],
    ['not for lines that are gone', { ...place, side: 'LEFT' as const }, 'two', null],
    ['not for lines outside the change', { ...place, start_line: 1, line: 9 }, 'two', null],
  ] as const)('%s', ([, where, suggestion, offered]) => {
    expect(mark({ ...where, suggestion }, file).suggestion).toBe(offered);
  });
});

describe('nothing is said twice', () => {
  const files = [adding('a.ts', code)];
  const said = mark(finding);
  const before = (state: FindingState, one = said) =>
    remember([], [one]).map((known) => ({ ...known, state, by: null }));
  const serious = mark({ ...finding, severity: 'major' });
  const elsewhere = mark({ ...finding, start_line: 4, line: 4 });
  const twice = [adding('a.ts', [...code, ...code])];

  it.for([
    ['a new finding is said', said, [], files, true],
    ['one that was said is not', said, before('open'), files, false],
    ['nor one that a person put aside', said, before('dismissed'), files, false],
    [
      'nor a serious one whose code is still the same',
      serious,
      before('open', serious),
      files,
      false,
    ],
    [
      'a serious one is said again where more of that code came',
      serious,
      before('open', serious),
      twice,
      true,
    ],
    ['a slight one is not, however often', said, before('open'), twice, false],
    ['nor in the same words at a line that changed', elsewhere, before('changed'), files, false],
    [
      'a serious one is, where its code changed and is still wrong',
      { ...elsewhere, severity: 'major' as const },
      before('changed', serious),
      files,
      true,
    ],
    [
      'but not once a person put it aside',
      { ...elsewhere, severity: 'major' as const },
      before('dismissed', serious),
      files,
      false,
    ],
  ] as const)('%s', ([, one, previous, now, expected]) => {
    expect(worthSaying([one], previous, now, sha256).length === 1).toBe(expected);
  });

  it('nor does a second look find slight things it might have said at first', () => {
    const late = {
      ...mark({ ...finding, start_line: 1, line: 1, message: 'Name it sum.' }),
      fresh: false,
    };
    expect(worthSaying([late], before('open'), files, sha256)).toEqual([]);
    expect(worthSaying([{ ...late, fresh: true }], before('open'), files, sha256)).toHaveLength(1);
  });

  it('one answer that says a thing twice says it once', () => {
    expect(worthSaying([said, said], [], files, sha256)).toHaveLength(1);
  });
});

describe('what became of a finding', () => {
  const said = remember([], [mark(finding)]);

  it.for([
    ['open where its code is there, wherever it went', [adding('a.ts', code, 90)], [], 'open'],
    ['changed where its code is gone', [adding('a.ts', ['nothing of it'])], [], 'changed'],
    [
      'open where nobody read the file',
      [adding('a.ts', [], 1)].map((file) => ({ ...file, left_out: 'binary' })),
      [],
      'open',
    ],
    ['put aside, and by whom', [adding('a.ts', code)], ['bob'], 'dismissed'],
  ] as const)('%s', ([, files, by, state]) => {
    const dismissed = new Map(by.map((login) => [said[0]?.mark ?? '', login]));
    expect(standing(said, dismissed, files, sha256)).toMatchObject([{ state, by: by[0] ?? null }]);
  });
});

describe('the memory of a review', () => {
  it('is bounded, and forgets the mildest', () => {
    const many = Array.from({ length: 60 }, (_, n) => ({
      ...mark(finding),
      severity: n === 59 ? ('critical' as const) : ('info' as const),
    }));
    const kept = remember([], many);
    expect(kept).toHaveLength(FINDINGS_REMEMBERED);
    expect(kept[0]?.severity).toBe('critical');
  });

  it('is read back from the history as it was written', () => {
    const memory = {
      head: 'c'.repeat(40),
      event: 'COMMENT' as const,
      risk: 'low' as const,
      findings: remember([], [mark(finding)]),
    };
    expect(readMemory(JSON.parse(JSON.stringify(memory)))).toEqual(memory);
  });

  it.for([
    ['nothing', undefined],
    ['an older record', { event: 'COMMENT' }],
    ['another event', { head: 'c', event: 'APPROVE', risk: 'low', findings: [] }],
  ] as const)('is none in %s', ([, value]) => {
    expect(readMemory(value)).toBeNull();
  });
});
