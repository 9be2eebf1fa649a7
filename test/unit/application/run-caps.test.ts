import { describe, expect, it } from 'vitest';
import { runsAgainAt, runsSpent } from '../../../src/application/decisions/run-caps.ts';
import { at, issue } from '../../support/machine.ts';

const begun = issue().do({ kind: 'start_run', agent: 'triager' });
const { item } = issue();
const [run] = begun.state.recent_runs;
const ago = (hours: number): string => new Date(Date.parse(at) - hours * 3_600_000).toISOString();

/** So many of one item, with as many of its author's elsewhere. */
const given = (ofItem: readonly number[], elsewhere: readonly number[] = []) => ({
  state: {
    recent_runs: [
      ...elsewhere.map((hours) => ({
        item: 'issue-99',
        author: item.author?.id ?? 0,
        at: ago(hours),
      })),
      ...ofItem.map((hours) => ({ item: item.id, author: item.author?.id ?? 0, at: ago(hours) })),
    ],
  },
  deps: { now: () => at, most_runs: { item: 2, person: 4 } },
});

describe('the runs of a day', () => {
  it('are those of agents, with the item and whoever opened it', () => {
    expect(run).toEqual({ item: item.id, author: item.author?.id, at });
  });

  it.each([
    ['as long as there is room', given([1]), null, null],
    ['with the most for its item', given([5, 1]), /^2 runs .* for it/, 19],
    ['with the most for its author', given([1], [9, 8, 7]), /^4 runs .* author/, 15],
    ['with those of yesterday', given([30, 25, 1]), null, null],
  ] as const)('%s', (_, session, reason, hours) => {
    const spent = runsSpent(session, item);
    if (reason === null) expect(spent).toBeNull();
    else expect(spent).toMatch(reason);
    expect(runsAgainAt(session, item)).toBe(hours === null ? null : ago(-hours));
  });

  it('make nobody look at an item that runs', () => {
    expect(runsAgainAt(given([5, 1]), begun.item)).toBeNull();
  });
});
