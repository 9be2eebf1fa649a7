import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fuse, nearest, type Near } from '../../../src/domain/triage/likeness.ts';
import { runs } from '../../support/runs.ts';

const vector = (...numbers: readonly number[]) => Float32Array.from(numbers);
const near = (number: number, meaning: number, outstanding = false): Near => ({
  number,
  meaning,
  outstanding,
});

describe('how near issues are by their vectors', () => {
  it('is told by the angle between them, nearest first, the older one first where it is equal', () => {
    const found = nearest(vector(1, 0), [
      [4, vector(0, 3)],
      [3, vector(5, 0)],
      [2, vector(2, 0)],
      [1, vector(1, 1)],
    ]);
    expect(found.map(({ number, meaning }) => [number, meaning])).toEqual([
      [2, 1],
      [3, 1],
      [1, 0.71],
      [4, 0],
    ]);
  });

  it.each([
    ['of another length', vector(1, 0, 0)],
    ['that is no direction', vector(0, 0)],
    ['with a number that is none', vector(Number.NaN, 1)],
  ])('a vector %s is nobody’s neighbour', (_, other) => {
    expect(nearest(vector(1, 0), [[1, other]])).toEqual([]);
  });

  const crowd = (size: number) =>
    Array.from({ length: size }, (_, at) => [at + 1, vector(1, 9 + (at % 5))] as const);

  it('one stands out that is far nearer than the others are', () => {
    const found = nearest(vector(1, 0), [...crowd(40), [99, vector(9, 1)]]);
    expect(found.filter(({ outstanding }) => outstanding).map(({ number }) => number)).toEqual([
      99,
    ]);
  });

  it('none stands out among a few, nor where all are as near', () => {
    const few = nearest(vector(1, 0), [...crowd(10), [99, vector(9, 1)]]);
    const alike = nearest(vector(1, 0), crowd(40));
    expect([...few, ...alike].filter(({ outstanding }) => outstanding)).toEqual([]);
  });
});

describe('two orders made one', () => {
  it('what is first in both is first, and each keeps both measures', () => {
    const words = [
      { number: 1, similarity: 0.6 },
      { number: 2, similarity: 0.5 },
    ];
    expect(fuse(words, [near(2, 0.9), near(7, 0.8, true), near(1, 0.4)], 5)).toEqual([
      { number: 2, similarity: 0.5, meaning: 0.9 },
      { number: 1, similarity: 0.6, meaning: 0.4 },
      { number: 7, similarity: 0, meaning: 0.8 },
    ]);
  });

  it('what has no word in common is taken in where its meaning stands out', () => {
    expect(fuse([{ number: 1, similarity: 0.3 }], [near(7, 0.9, true)], 5)).toContainEqual({
      number: 7,
      similarity: 0,
      meaning: 0.9,
    });
  });

  const words = fc
    .uniqueArray(fc.record({ number: fc.nat(50), similarity: fc.float({ min: 0, max: 1 }) }), {
      selector: ({ number }) => number,
    })
    .map((all) => all.toSorted((a, b) => b.similarity - a.similarity || a.number - b.number));
  const meanings = fc.uniqueArray(
    fc.record({
      number: fc.nat(50),
      meaning: fc.float({ min: 0, max: 1 }),
      outstanding: fc.boolean(),
    }),
    { selector: ({ number }) => number },
  );

  it('without vectors it is the order of words', () => {
    fc.assert(
      fc.property(words, fc.nat(10), (byWords, limit) => {
        const order = fuse(byWords, [], limit).map(({ number }) => number);
        expect(order).toEqual(byWords.slice(0, limit).map(({ number }) => number));
      }),
      { numRuns: runs(100) },
    );
  });

  it('nothing is in it that neither words nor an outstanding meaning named, and nothing twice', () => {
    fc.assert(
      fc.property(words, meanings, (byWords, byMeaning) => {
        const named = new Set([
          ...byWords.map(({ number }) => number),
          ...byMeaning.filter(({ outstanding }) => outstanding).map(({ number }) => number),
        ]);
        const found = fuse(byWords, byMeaning, Infinity).map(({ number }) => number);
        expect(found.toSorted((a, b) => a - b)).toEqual([...named].toSorted((a, b) => a - b));
      }),
      { numRuns: runs(100) },
    );
  });
});
