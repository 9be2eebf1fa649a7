import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TimedEvent } from '../../../src/domain/work-item/event.ts';
import { Tale, at, mergeOf, owner, pullRequest } from '../../support/machine.ts';

type Step =
  | { readonly kind: 'merge'; readonly pull: number }
  | { readonly kind: 'every'; readonly every: number }
  | { readonly kind: 'closed'; readonly pull: number };

const pulls = fc.integer({ min: 11, max: 30 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('merge'), pull: pulls }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('every'), every: fc.integer({ min: 1, max: 7 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('closed'), pull: pulls }) },
);

/** Told as GitHub tells it: again, late, of what is over; what is refused is left. */
function told(steps: readonly Step[]) {
  const tale = new Tale('none');
  const events: TimedEvent[] = [];
  const give = (command: Parameters<Tale['try']>[0]) => {
    const decision = tale.try(command, owner);
    if (!decision.ok) return;
    events.push(...decision.value.events.map((event) => ({ ...event, at })));
    tale.state = decision.value.state;
  };
  for (const one of steps) {
    if (one.kind === 'every') {
      give({ kind: 'configure_cycle', every: one.every });
      continue;
    }
    const { pull: number } = one;
    const item = `pull-${number}`;
    const pull_request = { ...pullRequest(`h${number}`, number), ours: false };
    give({
      kind: 'open_item',
      item_kind: 'pull_request',
      number,
      title: '',
      author: null,
      pull_request,
    });
    if (one.kind === 'closed') give({ kind: 'terminate', item, outcome: 'closed', reason: '' });
    else {
      const merge = { ...mergeOf(`h${number}`, 'human'), pull_request: number };
      give({ kind: 'record_merge', item, merge });
    }
  }
  return { state: tale.state, events };
}

describe('each merge is counted once, in exactly one cycle', () => {
  it('whatever is told, in whatever order, however often, and whatever the cycle’s length becomes', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const { state, events } = told(steps);
        const merged = new Set(steps.flatMap((one) => (one.kind === 'merge' ? [one.pull] : [])));
        const counted = events.flatMap((event) =>
          event.type === 'merge.counted' ? [event.data] : [],
        );
        const numbers = counted.map(({ merge }) => merge.pull_request);
        expect(new Set(numbers)).toEqual(merged);
        expect(numbers).toHaveLength(merged.size);
        // Cycles follow one another without a gap, and each closes with what it counted and no more.
        const closed = events.flatMap((event) =>
          event.type === 'cycle.closed' ? [event.data] : [],
        );
        expect(closed.map(({ cycle }) => cycle)).toEqual(closed.map((_, index) => index + 1));
        for (const { cycle, pull_requests } of closed) {
          const own = counted.filter((one) => one.cycle === cycle);
          expect(pull_requests).toEqual(own.map(({ merge }) => merge.pull_request));
          expect(own.map(({ position }) => position)).toEqual(own.map((_, index) => index + 1));
        }
        expect(state.cycle.number).toBe(closed.length + 1);
        expect(state.cycle.merges.length).toBeLessThan(state.cycle.every);
      }),
      { numRuns: 200 },
    );
  });
});
