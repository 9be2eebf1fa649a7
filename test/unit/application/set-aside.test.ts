import { describe, expect, it } from 'vitest';
import { nextTryOf } from '../../../src/application/intake/set-aside.ts';

const came = '2026-11-20T10:00:00.000Z';
const after = (ms: number) => new Date(Date.parse(came) + ms).toISOString();
const hour = 3_600_000;

describe('a delivery that cannot be taken', () => {
  it('is tried again after ever longer gaps, a quarter of an hour at most', () => {
    const gaps = Array.from({ length: 10 }, (_, index) => {
      const next = nextTryOf(index + 1, came, after(hour), 10_000);
      return (Date.parse(next ?? '') - Date.parse(after(hour))) / 1000;
    });
    expect(gaps).toEqual([10, 20, 40, 80, 160, 320, 640, 900, 900, 900]);
  });

  it.each([
    ['is not given up in its first day, however often it fails', 500, 23.9 * hour, false],
    ['is not given up for being old when it is first taken', 7, 100 * hour, false],
    ['is given up after a day of failures', 8, 24 * hour, true],
  ])('%s', (_, failures, waited, isGivenUp) => {
    expect(nextTryOf(failures, came, after(waited), 10_000) === null).toBe(isGivenUp);
  });
});
