import { describe, expect, it } from 'vitest';
import {
  PastCyclesFold,
  type PastCycle,
  type ProposedFlip,
} from '../../../src/domain/roadmap/past-cycles.ts';
import { refusedFlips, standingRefusal } from '../../../src/domain/roadmap/refused-flips.ts';
import type { EventActor } from '../../../src/domain/ledger/envelope.ts';
import {
  versions,
  type DomainEvent,
  type EventData,
  type EventType,
  type TimedEvent,
} from '../../../src/domain/work-item/event.ts';

const done: ProposedFlip = { item: 'Widgets hold', to: 'done', evidence: [7] };
const past = (cycle: number, end: PastCycle['end'], flips = [done]): PastCycle => ({
  cycle,
  flips,
  drift: [],
  end,
  by: 'ann',
  reason: 'not yet',
});
const rows = (status: 'planned' | 'in_progress' | 'done') => [{ text: 'Widgets hold', status }];

describe('what people said no to', () => {
  it.each([
    ['a rejected cycle is a no', [past(1, 'rejected')], 'planned', ['rejected']],
    ['a closed one is a no', [past(1, 'closed')], 'planned', ['closed']],
    ['nobody decided: that is none', [past(1, 'expired')], 'planned', []],
    ['it is not decided yet: that is none', [past(1, null)], 'planned', []],
    ['published, and the roadmap says so', [past(1, 'published')], 'done', []],
    ['published, and the roadmap does not', [past(1, 'published')], 'in_progress', ['taken_back']],
    ['a later yes lifts a no', [past(1, 'rejected'), past(2, 'published')], 'done', []],
    ['a later no ends a yes', [past(1, 'published'), past(2, 'closed')], 'done', ['closed']],
    [
      'begun is not taken back where it is done by now',
      [past(1, 'published', [{ ...done, to: 'in_progress' }])],
      'done',
      [],
    ],
  ] as const)('%s', (_, cycles, status, how) => {
    expect(refusedFlips(cycles, rows(status)).map((flip) => flip.how)).toEqual(how);
  });

  it('knows a row by its words, however they were made harmless', () => {
    const cycles = [past(1, 'published', [{ ...done, item: 'Widgets `hold` (#\u200B3)' }])];
    const row = { text: 'Widgets `hold` (#3)', status: 'planned' as const };
    expect(refusedFlips(cycles, [row])).toHaveLength(1);
    // Two rows that read alike: nobody knows which.
    expect(refusedFlips(cycles, [row, row])).toEqual([]);
  });
});

describe('a no stands until something was merged since', () => {
  const no = refusedFlips([past(2, 'rejected')], rows('planned'));
  const cycles = new Map([
    [7, 1],
    [8, 2],
    [9, 3],
  ]);
  it.each([
    ['the same evidence', { ...done }, []],
    ['another merge of that cycle', { ...done, evidence: [7, 8] }, []],
    ['a merge of a later cycle', { ...done, evidence: [7, 9] }, [9]],
    ['a merge that nobody recorded', { ...done, evidence: [99] }, []],
  ] as const)('%s', (_, flip, since) => {
    expect(standingRefusal(flip, no, cycles)).toMatchObject({ refusal: { cycle: 2 }, since });
  });

  it('to begin was refused, so to finish is too; but not the other way round', () => {
    const begin = refusedFlips(
      [past(2, 'rejected', [{ ...done, to: 'in_progress' }])],
      rows('planned'),
    );
    expect(standingRefusal(done, begin, cycles)).not.toBeNull();
    expect(standingRefusal({ ...done, to: 'in_progress' }, no, cycles)).toBeNull();
    expect(standingRefusal({ ...done, item: 'Widgets turn' }, no, cycles)).toBeNull();
  });
});

describe('what the history tells of past cycles', () => {
  const assent = { kind: 'system', id: null, login: 'assent' } as const;
  const event = <T extends EventType>(
    type: T,
    data: EventData[T],
    actor: EventActor = assent,
  ): TimedEvent => {
    const made = { type, version: versions[type], item: 'cycle-1', actor, data } as DomainEvent;
    return { ...made, at: '2026-11-21T10:00:00.000Z' };
  };
  const opened = event('item.created', {
    kind: 'cycle',
    number: 1,
    title: '',
    author: null,
    pull_request: null,
  });
  const proposed = (content: unknown) =>
    event('agent.proposed', {
      agent: 'governor',
      run: 'r',
      action: 'pull_request.open',
      digest: 'd',
      content,
      usage: { input_tokens: 0, output_tokens: 0, usd: null, model: null },
    });
  const told = (...events: readonly TimedEvent[]) => {
    const fold = new PastCyclesFold();
    for (const one of events) fold.take(one);
    return fold.cycles;
  };

  it('who rejected it and why, and the flips it was last asked about', () => {
    const flips = [{ line: 5, ...done }];
    expect(
      told(
        opened,
        proposed({ flips: [] }),
        proposed({ flips }),
        event(
          'gate.rejected',
          { action: 'roadmap.publish', reason: 'no' },
          {
            kind: 'human',
            id: 1,
            login: 'ann',
          },
        ),
        event('item.terminated', { outcome: 'rejected', reason: 'rejected by ann' }),
      ),
    ).toEqual([{ cycle: 1, flips: [done], drift: [], end: 'rejected', by: 'ann', reason: 'no' }]);
  });

  it('a proposal of any other shape holds no flips, and is no fault', () => {
    for (const content of [
      null,
      'x',
      { flips: 1 },
      { flips: [1, { item: 2 }, { item: 'a', to: 'b' }] },
    ])
      expect(told(opened, proposed(content))).toMatchObject([{ flips: [] }]);
  });
});
