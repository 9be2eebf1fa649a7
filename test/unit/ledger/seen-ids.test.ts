import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SeenIds } from '../../../src/domain/ledger/seen-ids.ts';

/** What it stands for. */
class Plain {
  readonly #first = new Map<string, number>();

  firstOf(id: string, sequence: number): number | null {
    const before = this.#first.get(id);
    if (before === undefined) this.#first.set(id, sequence);
    return before ?? null;
  }
}

/** What each says of `ids`, one after another. */
const told = (ids: readonly string[]) => {
  const [seen, plain] = [new SeenIds(), new Plain()];
  return {
    table: ids.map((id, index) => seen.firstOf(id, index + 1)),
    plain: ids.map((id, index) => plain.firstOf(id, index + 1)),
  };
};

const agrees = (ids: readonly string[]): boolean => {
  const { table, plain } = told(ids);
  return table.every((answer, index) => answer === plain[index]);
};

/** The UUID of zeros but for its last word. */
const uuid = (word: number): string =>
  `00000000-0000-0000-0000-0000${(word >>> 0).toString(16).padStart(8, '0')}`;

/**
 * Ids that a table of up to 2^18 slots looks for from slot `home` on: the scattering undone, as somebody might who means harm.
 */
const crowded = (count: number, home = 0): readonly string[] =>
  Array.from({ length: count }, (_, index) => {
    const hash = (index << 18) | home;
    const before = hash ^ (hash >>> 15) ^ (hash >>> 30);
    return uuid(Math.imul(before, inverse(0x9e37_79b1)));
  });

/** Modulo 2^32, of an odd number: each step doubles the bits that are right. */
const inverse = (odd: number): number => {
  let guess = odd;
  for (let step = 0; step < 5; step += 1) guess = Math.imul(guess, 2 - Math.imul(odd, guess));
  return guess;
};

describe('the ids of a history', () => {
  it.each([
    ['a UUID', '3fa85f64-5717-4562-b3fc-2c963f66afa6'],
    ['a UUID of nothing but zeros', '00000000-0000-0000-0000-000000000000'],
    ['any other text', 'delivery-12'],
    ['the empty text', ''],
  ])('names the first event that had it: %s', (_, id) => {
    const seen = new SeenIds();
    expect(seen.firstOf(id, 7)).toBeNull();
    expect(seen.firstOf(id, 9)).toBe(7);
    expect(seen.firstOf(id, 11)).toBe(7);
  });

  it.each([
    ['upper case', '3FA85F64-5717-4562-B3FC-2C963F66AFA6'],
    ['no hyphens', '3fa85f6457174562b3fc2c963f66afa6'],
    ['a hyphen elsewhere', '3fa85f6-45717-4562-b3fc-2c963f66afa6'],
    ['another last digit', '3fa85f64-5717-4562-b3fc-2c963f66afa7'],
    ['another first digit', '4fa85f64-5717-4562-b3fc-2c963f66afa6'],
  ])('takes no other spelling for the same id: %s', (_, other) => {
    const seen = new SeenIds();
    seen.firstOf('3fa85f64-5717-4562-b3fc-2c963f66afa6', 1);
    expect(seen.firstOf(other, 2)).toBeNull();
  });

  it('a sequence beyond a word is told as it is', () => {
    const seen = new SeenIds();
    seen.firstOf(uuid(1), 2 ** 40);
    expect(seen.firstOf(uuid(1), 2 ** 40 + 1)).toBe(2 ** 40);
  });

  it('agrees with a plain map, over ids of all kinds that come again', () => {
    const ids = fc.array(
      fc.oneof(
        fc.integer({ min: 0, max: 300 }).map(uuid),
        fc.uuid(),
        fc.constantFrom('', 'a', 'b'),
      ),
      { maxLength: 200 },
    );
    fc.assert(
      fc.property(ids, (some) => {
        const { table, plain } = told(some);
        expect(table).toEqual(plain);
      }),
      { numRuns: 50 },
    );
  });

  it('takes two ids for two although every bit of their scattering is the same', () => {
    const one = Math.imul(1, 0x9e37_79b1);
    const word = one ^ (one >>> 15);
    const other = uuid(5 ^ word).replace(/0000(.{8})$/, '0001$1');
    expect(agrees([uuid(5), other, other, uuid(5)])).toBe(true);
  });

  it('agrees with it as it grows', () => {
    const ids = Array.from({ length: 5000 }, (_, index) => uuid(index));
    expect(agrees([...ids, ...ids])).toBe(true);
  });

  it('agrees with it where more ids crowd together than the table looks at', () => {
    const ids = crowded(100);
    expect(agrees([...ids, ...ids])).toBe(true);
  });

  it('agrees with it where ids find no room as the table grows', () => {
    // A run that goes over the end of the first table: its end comes first as it moves, and takes the room of its beginning.
    const run = [...crowded(32, 993), ...crowded(30, 1023)];
    const others = Array.from({ length: 600 }, (_, index) => crowded(1, 100 + index)).flat();
    expect(agrees([...run, ...others, ...run, ...others])).toBe(true);
  });
});
