import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Ending } from '../../../src/domain/memory/note.ts';
import { boundsFor, tryAgain } from '../../../src/domain/memory/retries.ts';

const usual = 3;
const ending = (failures: number, mended: boolean, code = 'gate'): Ending => ({
  agent: 'contributor',
  code,
  failures,
  mended,
});
const times = (count: number, one: Ending) => Array.from({ length: count }, () => one);
const asked = (failures: number) => ({ agent: 'contributor', code: 'gate', failures });
const bounds = { atLeast: 1, atMost: 5 };

describe('a failed run is tried again', () => {
  it.each<[string, readonly Ending[], number, typeof bounds | null, boolean]>([
    [
      'as usual without bounds of policy, whatever was learnt',
      times(20, ending(3, false)),
      2,
      null,
      true,
    ],
    ['as usual without bounds of policy, and no more', times(20, ending(1, true)), 3, null, false],
    ['as usual where too little was seen', times(2, ending(2, false)), 2, bounds, true],
    ['no more where trying never helped', times(5, ending(3, false)), 1, bounds, false],
    [
      'at least as often as policy says, though it never helped',
      times(5, ending(3, false)),
      1,
      { atLeast: 2, atMost: 5 },
      true,
    ],
    ['beyond the usual where it mostly helped', times(6, ending(1, true)), 4, bounds, true],
    [
      'at most as often as policy says, though it mostly helped',
      times(6, ending(1, true)),
      5,
      bounds,
      false,
    ],
    [
      'as usual where it helped now and then',
      [...times(3, ending(3, false)), ...times(2, ending(1, true))],
      3,
      bounds,
      false,
    ],
    [
      'as usual where only other faults were mended',
      times(9, ending(1, true, 'model')),
      3,
      bounds,
      false,
    ],
  ])('%s', (_title, endings, failures, given, again) => {
    expect(tryAgain(endings, asked(failures), given, usual).again).toBe(again);
  });

  it('and says what it was learnt from', () => {
    expect(tryAgain(times(5, ending(3, false)), asked(1), bounds, usual).because).toBe(
      'of 10 tries after "gate", 0 mended it',
    );
  });

  it('never below what policy says at least, never above what it says at most', () => {
    const anyEnding = fc.record({
      agent: fc.constant('contributor'),
      code: fc.constantFrom('gate', 'model'),
      failures: fc.integer({ min: 1, max: 8 }),
      mended: fc.boolean(),
    });
    fc.assert(
      fc.property(
        fc.array(anyEnding, { maxLength: 60 }),
        fc.integer({ min: 1, max: 10 }),
        fc.integer({ min: 1, max: 6 }),
        fc.nat(5),
        (endings, failures, atLeast, more) => {
          const given = { atLeast, atMost: atLeast + more };
          const { again } = tryAgain(endings, asked(failures), given, usual);
          if (failures < given.atLeast) expect(again).toBe(true);
          if (failures >= given.atMost) expect(again).toBe(false);
        },
      ),
    );
  });
});

describe('bounds of policy', () => {
  const entry = (agents: readonly string[] | null, atLeast: number, atMost: number) => ({
    file: 'policies/default.yml',
    agents,
    atLeast,
    atMost,
  });
  it.each([
    ['are none where no entry names the agent', [entry(['triager'], 1, 9)], null],
    [
      'hold for every agent where the entry names none',
      [entry(null, 2, 4)],
      { atLeast: 2, atMost: 4 },
    ],
    [
      'of several entries are those that all allow',
      [entry(null, 2, 6), entry(['contributor'], 3, 5)],
      { atLeast: 3, atMost: 5 },
    ],
    [
      'that contradict each other come to the fewer attempts',
      [entry(null, 4, 6), entry(null, 1, 2)],
      { atLeast: 2, atMost: 2 },
    ],
  ])('%s', (_title, entries, expected) => {
    expect(boundsFor(entries, 'contributor')).toEqual(expected);
  });
});
